package main

import (
	"testing"

	"jetpack.internal/shared/clitest"
)

func TestMain(m *testing.M)     { clitest.Main(m, "jetpack", main) }
func TestContract(t *testing.T) { clitest.Contract(t, "jetpack", "--list-cmds") }
func TestScripts(t *testing.T)  { clitest.Scripts(t) }

func TestRegistry(t *testing.T) {
	for _, e := range registry() {
		if e.name == "" || e.summary == "" {
			t.Errorf("commands.txt: %+v is not a name, a tab and a summary", e)
		}
	}
}
