package main

import (
	"testing"

	"jetpack.internal/shared/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m, "jetpack-config", main) }

func TestContract(t *testing.T) { clitest.Contract(t, "jetpack-config", "cyclecloud.node.name") }

func TestScripts(t *testing.T) { clitest.Scripts(t) }
