package main

import (
	"testing"

	"jetpack.internal/shared/clitest"
)

func TestMain(m *testing.M)     { clitest.Main(m, "healthcheckd", main) }
func TestContract(t *testing.T) { clitest.Contract(t, "healthcheckd", "status") }
func TestScripts(t *testing.T)  { clitest.Scripts(t) }
