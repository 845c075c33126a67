//go:build !windows

package clitest

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

const nobody = 65534

// AsStranger makes cmd run as somebody whom the modes below home, a folder of
// t.TempDir, bind. Root may do anything, so as root that is nobody, with a
// program of their own; anybody else is bound by what they have taken from
// themselves.
func AsStranger(t *testing.T, cmd *exec.Cmd, home string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	program := filepath.Join(t.TempDir(), filepath.Base(cmd.Path))
	if err := copyFile(cmd.Path, program); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{home, filepath.Dir(program)} {
		letThrough(t, dir)
	}
	cmd.Path, cmd.Args[0], cmd.Dir = program, program, "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
}

// letThrough opens the way to a folder that t.TempDir has made: the folder, and
// the test's own above it.
func letThrough(t *testing.T, dir string) {
	t.Helper()
	for _, path := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}
