//go:build unix

// Package wine runs Windows programs in a Wine prefix of a test's own, under a
// Wine server of its own, and ends exactly that server.
package wine

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Prefix is a Windows machine: a registry, a drive C: and a Wine server.
type Prefix struct {
	dir    string
	server *exec.Cmd
}

// Result is how a program ended.
type Result struct {
	Status         int // as Unix sees it: the lower eight bits
	Stdout, Stderr string
}

// Start makes a prefix from the one that .ci/setup-windows keeps, and starts
// its server. What Windows itself consists of is linked to, not copied. All
// ends with the test.
func Start(t testing.TB) *Prefix {
	t.Helper()
	cached := cache(t)
	p := &Prefix{dir: t.TempDir()}
	for _, folder := range []string{"drive_c", "dosdevices"} {
		check(t, os.Mkdir(filepath.Join(p.dir, folder), 0o755))
	}
	for _, name := range []string{"system.reg", "user.reg", "userdef.reg", ".update-timestamp"} {
		data, err := os.ReadFile(filepath.Join(cached, name))
		check(t, err)
		check(t, os.WriteFile(filepath.Join(p.dir, name), data, 0o644))
	}
	check(t, copyFolders(filepath.Join(cached, "drive_c", "users"), p.Drive("users")))
	check(t, os.Symlink("../drive_c", filepath.Join(p.dir, "dosdevices", "c:")))
	check(t, os.Symlink("/", filepath.Join(p.dir, "dosdevices", "z:")))
	check(t, os.Symlink(filepath.Join(cached, "drive_c", "windows"), p.Drive("windows")))
	p.serve(t)
	return p
}

// cache is the prefix that all others are made from.
func cache(t testing.TB) string {
	base, err := os.UserCacheDir()
	check(t, err)
	dir := filepath.Join(base, "jetpack", "wine")
	if _, err := os.Stat(filepath.Join(dir, "drive_c", "windows", "system32", "bcryptprimitives.dll")); err != nil {
		t.Fatal("there is no Wine prefix to copy: run make test-windows, or .ci/setup-windows")
	}
	return dir
}

// copyFolders copies the folders alone: a user's files are not wanted, and
// the links lead to the home of whoever runs the tests.
func copyFolders(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		below, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		return os.MkdirAll(filepath.Join(to, below), 0o755)
	})
}

// serve starts the server in the foreground, to stay between programs: each
// then starts in a tenth of a second.
func (p *Prefix) serve(t testing.TB) {
	t.Helper()
	// It holds a descriptor for each object of Windows, more than a login is
	// given at first.
	p.server = exec.Command("/bin/sh", "-c", `ulimit -n "$(ulimit -H -n)"; exec "$0" -f -p`, serverPath())
	p.server.Env = p.environment()
	check(t, p.server.Start())
	t.Cleanup(func() {
		ending := exec.Command(serverPath(), "-k")
		ending.Env = p.environment()
		if err := ending.Run(); err != nil {
			p.server.Process.Kill()
		}
		p.server.Wait()
	})
}

func serverPath() string {
	if path, err := exec.LookPath("wineserver"); err == nil {
		return path
	}
	return "/usr/lib/wine/wineserver64" // Debian's place
}

func (p *Prefix) environment(more ...string) []string {
	return append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "LANG=C.UTF-8", "WINEPREFIX=" + p.dir,
		"WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=", "JETPACK_IMDS_ENDPOINT=none"}, more...)
}

// Drive is the path, to us, of what is below C:.
func (p *Prefix) Drive(elements ...string) string {
	return filepath.Join(append([]string{p.dir, "drive_c"}, elements...)...)
}

// Write writes a file below C:, its folders as well.
func (p *Prefix) Write(t testing.TB, name, text string) {
	t.Helper()
	check(t, os.MkdirAll(filepath.Dir(p.Drive(name)), 0o755))
	check(t, os.WriteFile(p.Drive(name), []byte(text), 0o644))
}

// Run runs a Windows program for a minute and a half at most, with an empty
// stdin and more environment.
func (p *Prefix) Run(t testing.TB, environment []string, args ...string) Result {
	t.Helper()
	return p.run(t, p.Drive(), environment, args)
}

// RunIn is Run in a folder of ours.
func (p *Prefix) RunIn(t testing.TB, folder string, args ...string) Result {
	t.Helper()
	return p.run(t, folder, nil, args)
}

// RunOnTerminal is Run with a terminal, which to the program is a console.
// Its stdout is what the terminal shows, with all that moves the cursor.
func (p *Prefix) RunOnTerminal(t testing.TB, environment []string, args ...string) Result {
	t.Helper()
	line := "exec wine"
	for _, arg := range args {
		line += " '" + arg + "'"
	}
	return p.start(t, p.Drive(), environment, []string{"script", "--quiet", "--return", "--command", line, "/dev/null"})
}

func (p *Prefix) run(t testing.TB, folder string, environment, args []string) Result {
	t.Helper()
	return p.start(t, folder, environment, append([]string{"wine"}, args...))
}

func (p *Prefix) start(t testing.TB, folder string, environment, args []string) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = p.environment(environment...)
	cmd.Dir = folder
	cmd.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) && !errors.Is(err, exec.ErrWaitDelay) {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Errorf("%s did not end in time", strings.Join(args, " "))
	}
	return Result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
