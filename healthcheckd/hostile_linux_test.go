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

// hostile are checks that do what checks should not. TOKEN is in the command
// line of what they may leave behind.
var hostile = []struct {
	what, name, text string
	mode             os.FileMode
	verdict          string
	status           int // -1: none
	signal           string
	timedOut         bool
	leftovers        int // at least
	contains         string
}{
	{what: "grandchild holds stdout", text: "sleep TOKEN & exit 0", verdict: "healthy", leftovers: 1},
	{what: "grandchild in its own session holds stdout", text: "setsid sleep TOKEN & sleep 0.05; exit 254", verdict: "unhealthy", status: 254, leftovers: 1},
	{what: "double fork", text: "( ( setsid sleep TOKEN & ) & ); sleep 0.05; exit 0", verdict: "healthy", leftovers: 1},
	{what: "daemon without environment", text: "env -i setsid -f sleep TOKEN; exit 0", verdict: "healthy", leftovers: 1},
	{what: "TERM ignored", text: "trap '' TERM; while :; do sleep TOKEN; done", verdict: "unknown", status: -1, signal: "SIGKILL", timedOut: true},
	{what: "TERM answered by 254", text: "trap 'exit 254' TERM; sleep TOKEN & wait", verdict: "unknown", status: 254, timedOut: true, contains: "timed out"},
	{what: "stops itself", text: "kill -STOP $$; sleep TOKEN", verdict: "unknown", status: -1, signal: "SIGTERM", timedOut: true},
	{what: "hangs", text: "exec sleep TOKEN", verdict: "unknown", status: -1, signal: "SIGTERM", timedOut: true},
	{what: "hangs with a family", text: "setsid sleep TOKEN & setsid sleep TOKEN & trap '' TERM; while :; do sleep TOKEN; done", verdict: "unknown", status: -1, signal: "SIGKILL", timedOut: true, leftovers: 3},
	{what: "64 MiB without a newline", text: "head -c 67108864 /dev/zero | tr '\\0' x; echo end; exit 254", verdict: "unhealthy", status: 254, contains: "xend\n"},
	{what: "endless output", text: "exec yes TOKEN", verdict: "unknown", status: -1, signal: "SIGTERM", timedOut: true},
	{what: "binary garbage and escapes", text: "printf '\\033[31m\\377\\376\\000\\007red\\033]0;title\\007\\n'; exit 0", verdict: "healthy", contains: `\x1b[31m`},
	{what: "moving targets", name: "x.py", text: movingTargets, verdict: "unhealthy", status: 254},
	{what: "deletes itself", text: "rm -f \"$0\"; exit 254", verdict: "unhealthy", status: 254},
	{what: "rewrites itself", text: "#!/bin/sh\nprintf '#!/bin/sh\\nexit 254\\n' > \"$0.new\" && chmod 755 \"$0.new\" && mv \"$0.new\" \"$0\"\nexit 0\n", verdict: "healthy"},
	{what: "interpreter missing", text: "#!/nowhere/python9\nexit 254\n", verdict: "unknown", status: -1, contains: `/nowhere/python9`},
	{what: "interpreter with a carriage return", text: "#!/bin/sh\r\nexit 254\r\n", verdict: "unknown", status: -1, contains: `\r`},
	{what: "no first line", text: "exit 254", verdict: "unhealthy", status: 254},
	{what: "no first line, Python", name: "x.py", text: "import sys; sys.exit(254)", verdict: "unhealthy", status: 254},
	{what: "not executable", text: "#!/bin/sh\nexit 254\n", mode: 0o644, verdict: "unhealthy", status: 254},
	{what: "binary of no kind", name: "garbage", text: "\x7fELF\x00\x01garbage", verdict: "unknown", status: -1, contains: "cannot start"},
	{what: "empty executable", name: "empty", text: "", verdict: "unknown", status: -1},
	{what: "name with a newline", name: "a\nb.sh", text: "exit 254", verdict: "unhealthy", status: 254},
	{what: "name with escapes and spaces", name: "\x1b[2J x .sh", text: "exit 0", verdict: "healthy"},
	{what: "name that looks like an option", name: "-rf.sh", text: "exit 254", verdict: "unhealthy", status: 254},
	{what: "status 255", text: "exit 255", verdict: "unknown", status: 255},
	{what: "status 126", text: "exit 126", verdict: "unknown", status: 126},
	{what: "status 1", text: "exit 1", verdict: "unknown", status: 1},
	{what: "status -2 is 254", name: "x.py", text: "import os; os._exit(-2)", verdict: "unhealthy", status: 254},
	{what: "killed by SEGV", text: "kill -SEGV $$", verdict: "unknown", status: -1, signal: "SIGSEGV"},
	{what: "killed by KILL", text: "kill -KILL $$", verdict: "unknown", status: -1, signal: "SIGKILL"},
	{what: "kills its group", text: "kill -TERM 0; sleep TOKEN", verdict: "unknown", status: -1, signal: "SIGTERM"},
	{what: "kills its parent's group by mistake", text: "kill -TERM -- -$PPID 2>/dev/null; exit 0", verdict: "healthy"},
	{what: "closes its stdout", text: "exec >&- 2>&-; echo x; exit 254", verdict: "unhealthy", status: 254},
	{what: "reads stdin", text: "cat; read x && exit 1; exit 0", verdict: "healthy"},
	{what: "reads the terminal", text: "cat /dev/tty; exit 0", verdict: "healthy"},
	{what: "fills its folder", text: "head -c 1000000 /dev/zero > full; chmod 0 . ; exit 0", verdict: "healthy"},
	{what: "everyone may write to it", text: "exit 254", mode: 0o777, verdict: "unknown", status: -1, contains: "everyone may write"},
	{what: "a million lines", text: "seq 1000000; exit 0", verdict: "healthy", contains: "1000000\n"},
}

// movingTargets leaves processes that live in ever new processes, for at most
// twenty seconds, in sessions of their own.
const movingTargets = `
import os, sys, time
for i in range(20):
    if os.fork() == 0:
        if i % 2: os.setsid()
        end = time.time() + 20
        while time.time() < end:
            if os.fork(): os._exit(0)
            time.sleep(0.02)
        os._exit(0)
time.sleep(0.1)
sys.exit(254)
# TOKEN
`

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
			put(t, filepath.Join(home, "config", "healthcheck.d", name), strings.ReplaceAll(c.text, "TOKEN", token), mode)
			a := runOnce(t, home)
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
			checkBounds(t, a, got.Seconds, c.timedOut && c.signal == "SIGKILL")
			checkGone(t, token, home)
		})
	}
}

func checkBounds(t *testing.T, a answer, seconds float64, killed bool) {
	t.Helper()
	limit := hostileTimeout
	if killed {
		limit += grace.Seconds()
	}
	if seconds > limit+overshoot {
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
