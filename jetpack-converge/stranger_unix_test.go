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

// TestStranger: who may not converge is told who may, and nothing that would
// not help. Root may do anything, so as root the program runs as nobody.
func TestStranger(t *testing.T) {
	home := t.TempDir()
	for dir := home; dir != filepath.Dir(dir) && dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(home, "jetpack-converge")
	copyProgram(t, program)
	for _, folder := range []string{"config", "run"} {
		path := filepath.Join(home, folder)
		if err := os.Mkdir(path, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(path, 0o755) })
	}
	for option, hints := range map[string]string{
		"--cluster-init": "converge writes below " + home + ": run it as root\n",
		"--plan":         "become root to use " + filepath.Join(home, "config") + "\n",
		"--status":       "become root to use " + filepath.Join(home, "run") + "\n",
	} {
		cmd := exec.CommandContext(t.Context(), program, option)
		cmd.Env = []string{"JETPACK_HOME=" + home, "JETPACK_CLUSTER_INIT=" + home, "JETPACK_IMDS_ENDPOINT=none"}
		cmd.Dir = "/"
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		cmd.Run()
		_, got, _ := strings.Cut(stderr.String(), "\njetpack-converge: hint: ")
		if cmd.ProcessState.ExitCode() != 2 || got != hints {
			t.Errorf("%s: status %d, stderr %q, want the hint %q", option, cmd.ProcessState.ExitCode(), &stderr, hints)
		}
	}
}

func copyProgram(t *testing.T, to string) {
	t.Helper()
	from, err := exec.LookPath("jetpack-converge")
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
