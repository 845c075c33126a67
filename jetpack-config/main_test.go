package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"jetpack.internal/shared/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m, "jetpack-config", main) }

func TestContract(t *testing.T) { clitest.Contract(t, "jetpack-config", "cyclecloud.node.name") }

func TestScripts(t *testing.T) {
	clitest.Scripts(t, func(env *testscript.Env) error {
		env.Setenv("EVIL", "x\nroot: all is well")
		return nil
	})
}
