//go:build !windows

package clitest

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// systemVariables are those without which no program starts on this system.
func systemVariables() []string { return nil }

// makeReadOnly makes home read-only for cmd and gives what undoes it. Root
// may write anywhere, so as root the program runs as nobody.
func makeReadOnly(t *testing.T, cmd *exec.Cmd, home string) (undo func()) {
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		cmd.Dir = "/"
		for dir := home; dir != filepath.Dir(dir) && dir != os.TempDir(); dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		program := filepath.Join(t.TempDir(), filepath.Base(cmd.Path))
		if err := copyFile(cmd.Path, program); err != nil {
			t.Fatal(err)
		}
		for dir := filepath.Dir(program); dir != filepath.Dir(dir) && dir != os.TempDir(); dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		cmd.Path, cmd.Args[0] = program, program
		return func() {}
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
