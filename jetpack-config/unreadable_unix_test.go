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

// TestUnreadable: who may not read the configuration is told which file it is
// and which group would help.
func TestUnreadable(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "config", "configuration.json")
	if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(`{"password": "secret"}`), 0o000); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"password"}, {"password", "default"}, {"--json"}, {"--explain", "password"}} {
		cmd := exec.CommandContext(t.Context(), "jetpack-config", args...)
		cmd.Env = []string{"JETPACK_HOME=" + home, "JETPACK_IMDS_ENDPOINT=none"}
		clitest.AsStranger(t, cmd, home)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		cmd.Run()
		hint := "jetpack-config: hint: " + path + " is for root and the group cyclecloud: "
		if cmd.ProcessState.ExitCode() != 2 || stdout.Len() > 0 || !strings.Contains(stderr.String(), hint) ||
			!strings.HasPrefix(stderr.String(), "jetpack-config: cannot read configuration: open "+path+": permission denied\n") {
			t.Errorf("%q: status %d, stdout %q, stderr %q", args, cmd.ProcessState.ExitCode(), &stdout, &stderr)
		}
	}
}
