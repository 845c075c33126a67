package run

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// script writes a script and gives its path.
func script(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	// Written by a child of ours that forks meanwhile, the file would be busy.
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// sh runs a line of shell and gives its output.
func sh(t *testing.T, line string, change func(*Process)) (Result, string) {
	t.Helper()
	tail := NewTail(1 << 16)
	p := Process{Path: "/bin/sh", Args: []string{"-c", line}, Env: []string{"PATH=/usr/bin:/bin"},
		Output: tail, Timeout: 20 * time.Second, Grace: time.Second}
	if change != nil {
		change(&p)
	}
	result, err := Run(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return result, tail.String()
}

func TestStatus(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]int{"exit 0": 0, "exit 254": 254, "exit 255": 255, "exit 126": 126} {
		if r, _ := sh(t, line, nil); r.Status != want || r.Signal != "" || r.TimedOut {
			t.Errorf("%s: %+v", line, r)
		}
	}
}

func TestSignalIsNoStatus(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"SEGV", "KILL", "TERM"} {
		r, _ := sh(t, "kill -"+name+" $$", nil)
		if r.Status != -1 || r.Signal != "SIG"+name || r.TimedOut {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ line, signal string }{
		{"exec sleep 60", "SIGTERM"},
		{"trap '' TERM; while :; do sleep 60; done", "SIGKILL"},
		{"kill -STOP $$; sleep 60", "SIGTERM"},
	} {
		r, _ := sh(t, c.line, func(p *Process) { p.Timeout, p.Grace = 100*time.Millisecond, 200*time.Millisecond })
		if !r.TimedOut || r.Signal != c.signal || r.Status != -1 {
			t.Errorf("%s: %+v", c.line, r)
		}
		if r.Duration > 550*time.Millisecond {
			t.Errorf("%s: took %s", c.line, r.Duration)
		}
	}
}

func TestOwnEndCountsWhoeverHoldsThePipe(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"sleep 60 & echo done; exit 3", "setsid sleep 1 & echo done; exit 3"} {
		r, out := sh(t, line, nil)
		if r.Status != 3 || out != "done\n" || r.Duration > 900*time.Millisecond {
			t.Errorf("%s: %+v, output %q", line, r, out)
		}
	}
}

func TestLeftoversOfTheGroupAreKilled(t *testing.T) {
	t.Parallel()
	r, out := sh(t, "sleep 60 & echo $!", nil)
	pid, _ := strconv.Atoi(strings.TrimSpace(out))
	if r.Leftovers != 1 {
		t.Errorf("leftovers %d, want 1", r.Leftovers)
	}
	waitGone(t, pid)
}

func waitGone(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		p, there := lookup(pid)
		if !there || !p.alive() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("process %d is still there", pid)
		}
	}
}

func TestKeepDescendants(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, _ := sh(t, "sleep 60 & echo $!", func(p *Process) { p.KeepDescendants, p.Output = true, file })
	text, _ := os.ReadFile(file.Name())
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || r.Status != 0 {
		t.Fatalf("%+v, output %q", r, text)
	}
	p, there := lookup(pid)
	if !there || !p.alive() {
		t.Error("the daemon did not survive")
	}
	syscall.Kill(pid, syscall.SIGKILL)
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	r, err := Run(ctx, Process{Path: "/bin/sleep", Args: []string{"60"}, Grace: time.Minute})
	if err != nil || r.Signal != "SIGTERM" || r.TimedOut {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := Run(ctx, Process{Path: "/bin/true"}); err != context.Canceled {
		t.Errorf("started after the end: %v", err)
	}
}

func TestStdinIsEmptyAndSignalsAreDefault(t *testing.T) {
	t.Parallel()
	r, out := sh(t, "cat; sed -nE 's/^Sig(Blk|Ign):.*(.{8})$/0x\\2/p' /proc/self/status", nil)
	for mask := range strings.Lines(out) {
		// Signals 1 to 31: the C library of whoever runs the tests may have taken 32.
		number, err := strconv.ParseUint(strings.TrimSpace(mask), 0, 32)
		if err != nil || number&(1<<31-1) != 0 {
			t.Errorf("blocked or ignored: %s (%v)", mask, err)
		}
	}
	if r.Status != 0 || strings.Count(out, "\n") != 2 {
		t.Errorf("%+v, output %q", r, out)
	}
}

func TestEnvironmentIsGiven(t *testing.T) {
	t.Parallel()
	tail := NewTail(1000)
	if _, err := Run(context.Background(), Process{Path: "/usr/bin/env", Output: tail}); err != nil || tail.String() != "" {
		t.Errorf("inherited %q, %v", tail.String(), err)
	}
}

func TestWithoutShebang(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"x.sh": "echo \"$0 $1\"; exit 7\n",
		"x.py": "import sys\nprint(sys.argv[0], sys.argv[1])\nsys.exit(7)\n",
	} {
		for _, mode := range []os.FileMode{0o755, 0o644} {
			path, tail := script(t, name, text), NewTail(1000)
			os.Chmod(path, mode)
			r, err := Run(context.Background(), Process{Path: path, Args: []string{"a b"}, Name: "x", Output: tail})
			if err != nil || r.Status != 7 || tail.String() != path+" a b\n" {
				t.Errorf("%s, mode %o: %+v, %v, output %q", name, mode, r, err, tail)
			}
		}
	}
}

func TestCannotStart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"a.sh": {"#!/nowhere/bash\r\nexit 0\n", `its interpreter "/nowhere/bash\r" is missing`},
		"b":    {"\x7fELF garbage", "exec format error"},
	} {
		_, err := Run(context.Background(), Process{Path: script(t, name, c.text)})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "cannot start ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := Run(context.Background(), Process{Path: filepath.Join(t.TempDir(), "gone")})
	if !os.IsNotExist(unwrapAll(err)) {
		t.Errorf("missing file: %v", err)
	}
}

func unwrapAll(err error) error {
	for {
		inner, ok := err.(interface{ Unwrap() error })
		if !ok {
			return err
		}
		err = inner.Unwrap()
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestFailingWriterDoesNotStopTheChild(t *testing.T) {
	t.Parallel()
	r, _ := sh(t, "head -c 1000000 /dev/zero; exit 4", func(p *Process) { p.Output = failing{} })
	if r.Status != 4 {
		t.Errorf("%+v", r)
	}
}

// TestSession: what may live on leads a session of its own, and is told of
// while it runs.
func TestSession(t *testing.T) {
	t.Parallel()
	var told int
	r, out := sh(t, "echo $$ $(ps -o sid= -p $$)", func(p *Process) {
		p.KeepDescendants = true
		p.Started = func(pid int) { told = pid }
	})
	fields := strings.Fields(out)
	if r.Status != 0 || len(fields) != 2 || fields[0] != fields[1] || fields[0] != strconv.Itoa(told) {
		t.Errorf("%+v: it is process %d and says %q", r, told, out)
	}
}

// A child that has to be stopped takes along what it waits for, although that
// has a session of its own, as the commands of Chef have; and one that ends when
// it is asked to has the time that the grace gives.
func TestStopReachesOtherSessions(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		// setsid of a group's leader forks: -w waits, so that it stays below.
		`setsid -w sh -c 'echo $$; sleep 61' & wait`:                                                       "",
		`trap "" TERM; setsid -w sh -c 'trap "" TERM; echo $$; sleep 61; sleep 61' & wait; wait; sleep 61`: "SIGKILL",
	} {
		file, err := os.Create(filepath.Join(t.TempDir(), "out"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		r, _ := sh(t, script, func(p *Process) {
			p.KeepDescendants, p.Output, p.Timeout, p.Grace = true, file, 300*time.Millisecond, 300*time.Millisecond
		})
		text, _ := os.ReadFile(file.Name())
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil || !r.TimedOut || want != "" && r.Signal != want {
			t.Fatalf("%s: %+v, output %q", script, r, text)
		}
		for end := time.Now().Add(5 * time.Second); syscall.Kill(pid, 0) == nil; time.Sleep(time.Millisecond) {
			if p, found := lookup(pid); found && !p.alive() {
				break // nobody has buried it yet
			}
			if time.Now().After(end) {
				t.Fatalf("%s: process %d lives on", script, pid)
			}
		}
	}
}
