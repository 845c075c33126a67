//go:build !windows

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestUnreadable: who may not read the configuration is told which file it is
// and which group would help. Root may read everything, so as root the
// program runs as nobody.
func TestUnreadable(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "config", "configuration.json")
	program := filepath.Join(home, "jetpack-config")
	if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(`{"password": "secret"}`), 0o000); err != nil {
		t.Fatal(err)
	}
	copyProgram(t, program)
	for dir := home; dir != filepath.Dir(dir) && dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"password"}, {"password", "default"}, {"--json"}, {"--explain", "password"}} {
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env = []string{"JETPACK_HOME=" + home, "JETPACK_IMDS_ENDPOINT=none"}
		cmd.Dir = "/"
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
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

func copyProgram(t *testing.T, to string) {
	t.Helper()
	from, err := exec.LookPath("jetpack-config")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o755); err != nil {
		t.Fatal(err)
	}
}
