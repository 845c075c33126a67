//go:build !windows

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Whoever may not read or write the state is told so, and never that the node
// is or is not kept alive.
func TestRefusedUser(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "keepalive-") // where another user gets to
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(dir, "run"), 0o700); os.RemoveAll(dir) })
	program := filepath.Join(dir, "jetpack-keepalive")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	call := func(nobody bool, args ...string) (status int, out, errs string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env, cmd.Dir = []string{"JETPACK_HOME=" + dir}, "/"
		if nobody && os.Geteuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		var stderr strings.Builder
		cmd.Stderr = &stderr
		text, err := cmd.Output()
		if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), string(text), stderr.String()
	}
	if status, _, errs := call(false, "forever"); status != 0 {
		t.Fatal(errs)
	}
	for path, mode := range map[string]os.FileMode{dir: 0o755, program: 0o755, filepath.Join(dir, "run"): 0} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"1h"}, {"--off"}, {"--status"}, {"--status", "--json"}, {"forever", "--replace"}} {
		status, out, errs := call(true, args...)
		if status != 2 || out != "" || !strings.Contains(errs, "permission denied") || !strings.Contains(errs, "hint: ") {
			t.Errorf("%q: status %d, %q, %q", args, status, out, errs)
		}
	}
}
