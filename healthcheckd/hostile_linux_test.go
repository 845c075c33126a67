package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// answer is what the tests want to know of `healthcheckd once --json`.
type answer struct {
	Verdict string
	Checks  []struct {
		Name, Verdict, Output, Reason string
		Status                        *int `json:"exit_status"`
		Signal                        *string
		TimedOut                      bool    `json:"timed_out"`
		Seconds                       float64 `json:"duration_s"`
		Leftovers                     int
	}
	status int
	took   time.Duration
	memory int64 // bytes, at most
}

// timeout of a check in these tests, in seconds, and the grace behind it.
const (
	hostileTimeout = 1.0
	overshoot      = 0.25
)

func newHome(t *testing.T) string {
	t.Helper()
	home := filepath.Join(t.TempDir(), "home")
	if err := os.MkdirAll(filepath.Join(home, "config", "healthcheck.d"), 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(home, "config", "configuration.json"),
		fmt.Sprintf(`{"cyclecloud": {"healthcheck": {"timeout": %v}}}`, hostileTimeout), 0o644)
	return home
}

// put writes a file that may be executed at once: no process forked meanwhile
// holds it open.
func put(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
}

func program(t *testing.T, home string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("healthcheckd")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Env = []string{"JETPACK_HOME=" + home, "JETPACK_IMDS_ENDPOINT=none"}
	return cmd
}

func runOnce(t *testing.T, home string) answer {
	t.Helper()
	cmd := program(t, home, "once", "--json")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	began := time.Now()
	err := cmd.Run()
	var a answer
	a.took = time.Since(began)
	if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &a); err != nil || errs.Len() > 0 {
		t.Fatalf("stdout %q, stderr %q, %v", out.String(), errs.String(), err)
	}
	a.status = cmd.ProcessState.ExitCode()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		a.memory = usage.Maxrss << 10
	}
	return a
}

func TestHostileChecks(t *testing.T) {
	for i, c := range hostile {
		t.Run(c.what, func(t *testing.T) {
			home := newHome(t)
			token := fmt.Sprintf("9%d%05d", 100+i, os.Getpid()%100000)
			name, mode := c.name, c.mode
			if name == "" {
				name = "x.sh"
			}
			if mode == 0 {
				mode = 0o755
			}
			limit := hostileTimeout + overshoot
			if c.timedOut && c.signal == "SIGKILL" {
				limit += grace.Seconds()
			}
			var a answer
			for range 3 { // what a busy machine does once is not done thrice
				put(t, filepath.Join(home, "config", "healthcheck.d", name), strings.ReplaceAll(c.text, "TOKEN", token), mode)
				a = runOnce(t, home)
				if len(a.Checks) != 3 || a.Checks[2].Seconds <= limit {
					break
				}
			}
			if n := len(a.Checks); n != 3 || a.Checks[2].Name != name {
				t.Fatalf("checks %+v", a.Checks)
			}
			got := a.Checks[2]
			status, signal := -1, ""
			if got.Status != nil {
				status = *got.Status
			}
			if got.Signal != nil {
				signal = *got.Signal
			}
			if got.Verdict != c.verdict || status != c.status || signal != c.signal || got.TimedOut != c.timedOut || got.Leftovers < c.leftovers {
				t.Errorf("%s, status %d, signal %q, timed out %v, leftovers %d: %s", got.Verdict, status, signal, got.TimedOut, got.Leftovers, got.Reason)
			}
			if text := got.Output + got.Reason; !strings.Contains(text, c.contains) || strings.ContainsAny(got.Output, "\x1b\x07\x00\r") {
				t.Errorf("output %q, reason %q", got.Output, got.Reason)
			}
			checkBounds(t, a, got.Seconds, limit)
			checkGone(t, token, home)
		})
	}
}

func checkBounds(t *testing.T, a answer, seconds, limit float64) {
	t.Helper()
	if seconds > limit {
		t.Errorf("took %.3f s, the limit is %.3f s", seconds, limit)
	}
	const most = 64 << 20 // a Go program with the race detector in it needs most of that
	if a.memory > most {
		t.Errorf("took %d MiB", a.memory>>20)
	}
	if len(a.Checks[2].Output) > 8<<10 {
		t.Errorf("kept %d bytes of output", len(a.Checks[2].Output))
	}
}

// checkGone: no process and no working folder is left.
func checkGone(t *testing.T, token, home string) {
	t.Helper()
	names, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range names {
		if text, err := os.ReadFile(name); err == nil && (bytes.Contains(text, []byte(token)) || bytes.Contains(text, []byte(home))) {
			t.Errorf("%s: %q is still there", name, text)
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil && pid != os.Getpid() {
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}
	}
	if left, _ := filepath.Glob(filepath.Join(home, "run", "scratch", "*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestWhatIsNoCheck(t *testing.T) {
	home := newHome(t)
	dir := filepath.Join(home, "config", "healthcheck.d")
	for _, name := range []string{".hidden.sh", "x.sh~", "x.sh.bak", "#x.sh#", "x.sh.dpkg-old", "x.sh.rpmsave", "x.sh.disabled", "README"} {
		mode := os.FileMode(0o755)
		if name == "README" {
			mode = 0o644
		}
		put(t, filepath.Join(dir, name), "#!/bin/sh\nexit 254\n", mode)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	if a := runOnce(t, home); len(a.Checks) != 2 || a.status != 0 {
		t.Errorf("status %d, checks %+v", a.status, a.Checks)
	}
}

// Links are followed where only root and we could change them, and said to
// lead nowhere where they do.
func TestLinks(t *testing.T) {
	home := newHome(t)
	dir, outside := filepath.Join(home, "config", "healthcheck.d"), t.TempDir()
	put(t, filepath.Join(outside, "good"), "#!/bin/sh\nexit 0\n", 0o755)
	open := filepath.Join(outside, "open")
	if err := os.Mkdir(open, 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(open, "bad"), "#!/bin/sh\nexit 254\n", 0o755)
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{
		"a-good.sh": filepath.Join(outside, "good"), "b-open.sh": filepath.Join(open, "bad"), "c-nowhere.sh": "missing",
		"d-loop.sh": "d-loop.sh", "e-folder.sh": outside, "f-device.sh": "/dev/null",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	a := runOnce(t, home)
	var got []string
	for _, c := range a.Checks[2:] {
		got = append(got, c.Name+" "+c.Verdict+": "+c.Reason)
	}
	text := strings.Join(got, "\n")
	want := "a-good.sh healthy: exit status 0\nb-open.sh unknown: not run: " + fmt.Sprintf("%q", open) + " cannot be trusted: everyone may write to it\n" +
		"c-nowhere.sh unknown: a symbolic link that leads nowhere\nd-loop.sh unknown: a symbolic link that leads nowhere"
	if text != want || a.status != 1 {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

// A thousand checks are run, all judged, in bounded time and memory.
func TestThousandChecks(t *testing.T) {
	home := newHome(t)
	for i := range 1000 {
		put(t, filepath.Join(home, "config", "healthcheck.d", fmt.Sprintf("%04d.sh", i)), fmt.Sprintf("#!/bin/sh\nexit %d\n", i%2*3), 0o755)
	}
	a := runOnce(t, home)
	odd := 0
	for i, c := range a.Checks[2:] {
		if c.Name != fmt.Sprintf("%04d.sh", i) {
			t.Fatalf("check %d is %s", i, c.Name)
		}
		if c.Verdict == "unknown" && *c.Status == 3 {
			odd++
		}
	}
	if len(a.Checks) != 1002 || odd != 500 || a.status != 1 || a.took > time.Minute || a.memory > 96<<20 {
		t.Errorf("%d checks, %d unknown, status %d, %s, %d MiB", len(a.Checks), odd, a.status, a.took, a.memory>>20)
	}
}
