package main

import (
	"testing"

	"jetpack.internal/shared/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m, "jetpack-log", main) }

func TestContract(t *testing.T) { clitest.Contract(t, "jetpack-log", "hello") }

func TestScripts(t *testing.T) { clitest.Scripts(t) }
