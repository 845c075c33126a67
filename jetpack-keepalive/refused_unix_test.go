//go:build !windows

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jetpack.internal/shared/clitest"
)

// Whoever may not read or write the state is told so, and never that the node
// is or is not kept alive.
func TestRefusedUser(t *testing.T) {
	home := t.TempDir()
	call := func(as func(*testing.T, *exec.Cmd, string), args ...string) (status int, out, errs string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "jetpack-keepalive", args...)
		cmd.Env = []string{"JETPACK_HOME=" + home}
		as(t, cmd, home)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		text, err := cmd.Output()
		if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), string(text), stderr.String()
	}
	asMyself := func(*testing.T, *exec.Cmd, string) {}
	if status, _, errs := call(asMyself, "forever"); status != 0 {
		t.Fatal(errs)
	}
	run := filepath.Join(home, "run")
	if err := os.Chmod(run, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(run, 0o700) })
	for _, args := range [][]string{{"1h"}, {"--off"}, {"--status"}, {"--status", "--json"}, {"forever", "--replace"}} {
		status, out, errs := call(clitest.AsStranger, args...)
		if status != 2 || out != "" || !strings.Contains(errs, "permission denied") || !strings.Contains(errs, "hint: ") {
			t.Errorf("%q: status %d, %q, %q", args, status, out, errs)
		}
	}
}
