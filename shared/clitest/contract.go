package clitest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jetpack.internal/shared/exit"
)

// statuses are the exit statuses a program may end with on its own.
var statuses = []int{exit.OK, exit.No, exit.Usage, exit.Temporary, exit.Unhealthy}

// Contract holds a program to what all programs promise. The args are a use
// of the program that needs no server, such as `jetpack-log hello`.
func Contract(t *testing.T, name string, args ...string) {
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	c := contract{name: name, path: path, args: args}
	t.Run("help", c.help)
	t.Run("version", c.version)
	t.Run("unknown option", c.unknownOption)
	t.Run("closed pipe", c.closedPipe)
	t.Run("no environment", c.noEnvironment)
	t.Run("home missing", c.homeMissing)
	t.Run("home read-only", c.homeReadOnly)
	t.Run("stdin closed", c.stdinClosed)
	t.Run("page", c.page)
	t.Run("linked packages", c.linkedPackages)
}

type contract struct {
	name, path string
	args       []string
}

// result is how a run of the program ended.
type result struct {
	status         int
	stdout, stderr string
}

// command is the program in an environment with nothing but a home.
func (c contract) command(t *testing.T, home string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), c.path, args...)
	cmd.Env = []string{"JETPACK_HOME=" + home, "JETPACK_CLUSTER_INIT=" + filepath.Join(home, "cluster-init"), "JETPACK_IMDS_ENDPOINT=none", "GORACE=" + atOnce}
	cmd.Env = append(cmd.Env, systemVariables()...)
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// run runs cmd and checks what holds for every run.
func (c contract) run(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &stdout
	}
	cmd.Stderr = &stderr
	err := cmd.Run()
	if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
		t.Fatalf("cannot run: %v", err)
	}
	r := result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
	if !slices.Contains(statuses, r.status) {
		t.Errorf("%q: exit status %d is not in the table; stderr %q", cmd.Args, r.status, r.stderr)
	}
	for line := range strings.Lines(r.stderr) {
		if !strings.HasPrefix(line, c.name+": ") {
			t.Errorf("%q: stderr line %q does not start with the program's name", cmd.Args, line)
		}
	}
	if r.status == exit.OK && r.stderr != "" {
		t.Errorf("%q: success, but stderr says %q", cmd.Args, r.stderr)
	}
	if r.status == exit.Usage && r.stderr == "" {
		t.Errorf("%q: exit status 2 without a word", cmd.Args)
	}
	return r
}

func (c contract) help(t *testing.T) {
	for _, flag := range []string{"--help", "-h"} {
		r := c.run(t, c.command(t, t.TempDir(), flag))
		if r.status != 0 || !strings.HasPrefix(r.stdout, "Usage: "+c.name) {
			t.Errorf("%s: status %d, stdout %q", flag, r.status, r.stdout)
		}
	}
}

func (c contract) version(t *testing.T) {
	r := c.run(t, c.command(t, t.TempDir(), "--version"))
	if r.status != 0 || !regexp.MustCompile(`^8\.0\.0-[0-9]+\n$`).MatchString(r.stdout) {
		t.Errorf("status %d, stdout %q", r.status, r.stdout)
	}
}

func (c contract) unknownOption(t *testing.T) {
	r := c.run(t, c.command(t, t.TempDir(), "--no-such-option"))
	if r.status != exit.Usage || r.stdout != "" || !strings.Contains(r.stderr, "--no-such-option") {
		t.Errorf("status %d, stdout %q, stderr %q", r.status, r.stdout, r.stderr)
	}
	// To a single letter none is near.
	r = c.run(t, c.command(t, t.TempDir(), "-Z"))
	if r.status != exit.Usage || r.stdout != "" || strings.Contains(r.stderr, "mean") {
		t.Errorf("of -Z: status %d, stdout %q, stderr %q", r.status, r.stdout, r.stderr)
	}
}

// closedPipe: a reader that has gone away is no error.
func (c contract) closedPipe(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	defer writer.Close()
	cmd := c.command(t, t.TempDir(), "--help")
	cmd.Stdout = writer
	if r := c.run(t, cmd); r.status != 0 || r.stderr != "" {
		t.Errorf("status %d, stderr %q", r.status, r.stderr)
	}
}

// noEnvironment: cron, atd and srun give none. A copy in the bin folder of a
// home of its own keeps the run away from the machine's own home.
func (c contract) noEnvironment(t *testing.T) {
	home := t.TempDir()
	for _, dir := range []string{"bin", "config"} {
		if err := os.Mkdir(filepath.Join(home, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	inside := contract{name: c.name, path: filepath.Join(home, "bin", filepath.Base(c.path)), args: c.args}
	if err := copyFile(c.path, inside.path); err != nil {
		t.Fatal(err)
	}
	cmd := inside.command(t, home, "--version")
	cmd.Env = append([]string{}, systemVariables()...)
	if r := inside.run(t, cmd); r.status != 0 {
		t.Errorf("--version: status %d", r.status)
	}
	cmd = inside.command(t, home, c.args...)
	cmd.Env = append([]string{"JETPACK_IMDS_ENDPOINT=none", "JETPACK_CLUSTER_INIT=" + t.TempDir()}, systemVariables()...)
	cmd.Dir = "/"
	inside.run(t, cmd)
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o755)
}

// homeMissing: said clearly, and not made.
func (c contract) homeMissing(t *testing.T) {
	home := filepath.Join(t.TempDir(), "missing")
	c.run(t, c.command(t, home, c.args...))
	if _, err := os.Stat(home); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing home was made: %v", err)
	}
}

func (c contract) homeReadOnly(t *testing.T) {
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "config"), 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := c.command(t, home, c.args...)
	writable := makeReadOnly(t, cmd, home)
	defer writable()
	c.run(t, cmd)
	entries, err := os.ReadDir(home)
	if err != nil || len(entries) != 1 {
		t.Errorf("a read-only home holds %v, %v", entries, err)
	}
}

func (c contract) stdinClosed(t *testing.T) {
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "config"), 0o755); err != nil {
		t.Fatal(err)
	}
	c.run(t, withoutStdin(c.command(t, home, c.args...)))
}
