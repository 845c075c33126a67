package main

import (
	"testing"

	"jetpack.internal/shared/clitest"
)

func TestMain(m *testing.M)     { clitest.Main(m, "jetpack-keepalive", main) }
func TestContract(t *testing.T) { clitest.Contract(t, "jetpack-keepalive", "1h") }
func TestScripts(t *testing.T)  { clitest.Scripts(t) }
