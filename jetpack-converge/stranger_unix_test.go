//go:build !windows

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jetpack.internal/shared/clitest"
)

// TestStranger: who may not converge is told who may, and nothing that would
// not help.
func TestStranger(t *testing.T) {
	home := t.TempDir()
	for _, folder := range []string{"config", "run"} {
		path := filepath.Join(home, folder)
		if err := os.Mkdir(path, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(path, 0o755) })
	}
	for option, want := range map[string]string{
		"--cluster-init": "converge writes below " + home + ": run it as root\n",
		"--plan":         "become root to use " + filepath.Join(home, "config") + "\n",
		"--status":       "become root to use " + filepath.Join(home, "run") + "\n",
	} {
		cmd := exec.CommandContext(t.Context(), "jetpack-converge", option)
		cmd.Env = []string{"JETPACK_HOME=" + home, "JETPACK_CLUSTER_INIT=" + home, "JETPACK_IMDS_ENDPOINT=none"}
		clitest.AsStranger(t, cmd, home)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		cmd.Run()
		if _, got, _ := strings.Cut(stderr.String(), "\njetpack-converge: hint: "); cmd.ProcessState.ExitCode() != 2 || got != want {
			t.Errorf("%s: status %d, stderr %q, want the hint %q", option, cmd.ProcessState.ExitCode(), &stderr, want)
		}
	}
}
