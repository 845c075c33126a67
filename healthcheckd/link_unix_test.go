//go:build !windows

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// By the name of healthcheck the program runs all checks once. The scripts'
// harness goes by names itself, so this takes a program that was built.
func TestLinkNamedHealthcheck(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for _, dir := range []string{"bin", "config/healthcheck.d"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(home, "config/healthcheck.d/bad.sh"), []byte("exit 254\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(home, "bin/healthcheckd"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	link := filepath.Join(home, "bin/healthcheck")
	if err := os.Symlink("healthcheckd", link); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, 254, "bad.sh"}, {[]string{"--json"}, 254, `"verdict": "unhealthy"`},
		{[]string{"--help"}, 0, "Usage: healthcheck"}, {[]string{"--nonsense"}, 2, "healthcheck: unknown flag"},
	} {
		cmd := exec.CommandContext(t.Context(), link, c.args...)
		cmd.Env = []string{} // the home is found beside the program
		out, err := cmd.CombinedOutput()
		status := 0
		if ended := new(exec.ExitError); errors.As(err, &ended) {
			status = ended.ExitCode()
		}
		if status != c.status || !bytes.Contains(out, []byte(c.want)) {
			t.Errorf("%q: status %d, %s", c.args, status, out)
		}
	}
}
