package main

import (
	"testing"

	"jetpack.internal/shared/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m, "jetpack-send", main) }

func TestContract(t *testing.T) { clitest.Contract(t, "jetpack-send", "-k", "a.b", "hello") }

func TestScripts(t *testing.T) { clitest.Scripts(t) }
