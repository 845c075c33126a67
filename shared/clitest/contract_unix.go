//go:build !windows

package clitest

import (
	"os"
	"os/exec"
	"testing"
)

// systemVariables are those without which no program starts on this system.
func systemVariables() []string { return nil }

// makeReadOnly makes home read-only for cmd and gives what undoes it.
func makeReadOnly(t *testing.T, cmd *exec.Cmd, home string) (undo func()) {
	AsStranger(t, cmd, home)
	if cmd.SysProcAttr != nil {
		return func() {} // home is root's
	}
	if err := os.Chmod(home, 0o555); err != nil {
		t.Fatal(err)
	}
	return func() { os.Chmod(home, 0o755) }
}

// withoutStdin starts the program with file descriptor 0 closed.
func withoutStdin(cmd *exec.Cmd) *exec.Cmd {
	cmd.Args = append([]string{"sh", "-c", `exec "$0" "$@" <&-`, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	return cmd
}
