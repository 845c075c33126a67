package main

import (
	"testing"

	"jetpack.internal/shared/clitest"
)

func TestMain(m *testing.M)     { clitest.Main(m, "jetpack-download", main) }
func TestContract(t *testing.T) { clitest.Contract(t, "jetpack-download", "--project", "p", "file") }
func TestScripts(t *testing.T)  { clitest.Scripts(t) }
