package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// On a node whose disk went read-only, which is what checks are there to find,
// they are run all the same.
func TestReadOnlyHome(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to mount")
	}
	home := newHome(t)
	put(t, checkFile(home, "disk.sh"), `touch "$JETPACK_HOME/probe" || { pwd; touch probe && exit 254; }`, 0o755)
	if a := runOnce(t, home); a.status != 0 {
		t.Fatalf("writable: %+v", a)
	}
	const readOnly = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"`
	cmd := program(t, home, "once", "--json")
	cmd.Args = append([]string{"unshare", "--mount", "sh", "-c", readOnly, "sh", home, cmd.Path}, cmd.Args[1:]...)
	path, err := exec.LookPath("unshare")
	if err != nil {
		t.Fatal(err)
	}
	cmd.Path, cmd.Env = path, append(cmd.Env, "PATH="+os.Getenv("PATH"))
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, _ := cmd.Output() // the status is looked at
	var a answer
	if err := json.Unmarshal(out, &a); err != nil || cmd.ProcessState.ExitCode() != 254 {
		t.Fatalf("status %d, %s, %s", cmd.ProcessState.ExitCode(), out, &errs)
	}
	if got := a.Checks[2]; got.Verdict != "unhealthy" || !strings.Contains(got.Output, filepath.Join(os.TempDir(), "check-")) {
		t.Errorf("%+v", got)
	}
}

// A check starts ever more processes, under a limit that is the service's as
// well. The service lives; bash, which ends with 254 when it cannot fork, does not
// have the node terminated; and each verdict says what is wrong.
func TestLimitOnProcesses(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to limit the service and nothing else")
	}
	t.Parallel()
	const most = "40"
	t.Run("of a user", func(t *testing.T) {
		t.Parallel()
		s := serveLimited(t, "61235", "setpriv", "--reuid=61235", "--regid=61235", "--clear-groups", "prlimit", "--nproc="+most)
		s.weathers(t, map[string]string{"calm.sh": "could not start a process"})
	})
	t.Run("of a cgroup", func(t *testing.T) {
		t.Parallel()
		group := pidsCgroup(t, most)
		if group == "" {
			t.Skip("no cgroup of a pids controller can be made here")
		}
		s := serveLimited(t, "0", "sh", "-c", "echo $$ >"+group+`/cgroup.procs && exec "$@"`, "sh")
		s.weathers(t, map[string]string{
			"calm.sh": "could not start a process", "dumb.sh": "while a limit on processes (TasksMax= of the service) was reached",
		})
	})
}

// smallStorm takes what processes there are, eighty at most, for longer than bash
// tries to get one.
const smallStorm = `
import os, time
left, end = 80, time.time() + 27
while time.time() < end:
    try:
        if left > 0 and os.fork() == 0:
            time.sleep(27)
            os._exit(0)
        left -= 1
    except OSError:
        pass
    time.sleep(0 if left > 0 else 0.05)
`

// pidsCgroup makes a cgroup with so many processes at most, "" where it cannot.
func pidsCgroup(t *testing.T, most string) string {
	t.Helper()
	for _, mount := range []string{"/sys/fs/cgroup/pids", "/sys/fs/cgroup"} {
		group, err := os.MkdirTemp(mount, "jetpack-test-")
		if err != nil {
			continue
		}
		t.Cleanup(func() { syscall.Rmdir(group) })
		if os.WriteFile(filepath.Join(group, "pids.max"), []byte(most), 0) == nil {
			return group
		}
	}
	return ""
}

// serveLimited starts a user's service by a program that limits it, with checks
// that feel the limit.
func serveLimited(t *testing.T, user string, by ...string) *service {
	t.Helper()
	home := newHome(t)
	configure(t, home, `{"cyclecloud": {"healthcheck": {"timeout": 45}}}`)
	for name, text := range map[string]string{
		"storm.py": smallStorm, "calm.sh": "#!/bin/bash\nwhile [ $SECONDS -lt 2 ]; do :; done; sleep 2 | sleep 2 | sleep 2 | sleep 2; exit 0\n", "dumb.sh": "#!/bin/bash\nexec 2>/dev/null; sleep 1; sleep 2 | sleep 2 | sleep 2 | sleep 2; exit 0\n",
	} {
		put(t, checkFile(home, name), text, 0o755)
	}
	for dir := home; dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := program(t, home, "run")
	binary := filepath.Join(home, "healthcheckd") // where another user can read it
	for _, args := range [][]string{{"cp", cmd.Path, binary}, {"chown", "-R", user, home}} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	path, err := exec.LookPath(by[0])
	if err != nil {
		t.Fatal(err)
	}
	s := &service{t: t, cmd: cmd, home: home, errs: new(bytes.Buffer)}
	cmd.Path, cmd.Args = path, append(by, binary, "run")
	cmd.Env, cmd.Stderr = append(cmd.Env, "PATH="+os.Getenv("PATH"), "INTERVAL=10"), s.errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return s
}

// weathers waits for the round's end and looks at the reasons.
func (s *service) weathers(t *testing.T, reasons map[string]string) {
	t.Helper()
	awaitWithin(t, 2*time.Minute, "the storm's round", func() bool { return state(t, s.home).Round.Number > 0 }) // bash takes 15 s to give up
	out, err := program(t, s.home, "status", "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatal(err)
	}
	for _, c := range a.Checks {
		want, found := reasons[c.Name]
		if found && (c.Verdict != "unknown" || !strings.Contains(c.Reason, want)) {
			t.Errorf("%+v, want %q", c, want)
		}
	}
	s.stop()
}

// A check tries to set the clock, where that is refused; and the service counts
// its rounds on a machine that has been up for ten years.
func TestClocks(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to make a time namespace")
	}
	t.Parallel()
	shift := []string{"unshare", "--time", "--boottime", "315360000", "--pid", "--mount-proc", "--fork", "--kill-child", "setpriv", "--bounding-set", "-sys_time"}
	// By the clock of that namespace other services would look as if they had ended,
	// and their checks abandoned: it sees none of them.
	//
	// This machine's clock is not to be touched: CAP_SYS_TIME is bit 25.
	out, err := exec.Command(shift[0], append(shift[1:], "sh", "-c", "grep CapEff: /proc/self/status; cat /proc/uptime")...).Output()
	var capabilities uint64
	var up float64
	if _, failed := fmt.Sscanf(string(out), "CapEff: %x\n%f", &capabilities, &up); failed != nil || capabilities&(1<<25) != 0 || up < 315360000 {
		t.Fatalf("%q: %v, %v", out, err, failed)
	}
	home := newHome(t)
	put(t, checkFile(home, "clock.sh"), "date -s @1000000000 && exit 254; exit 3", 0o755)
	cmd := program(t, home, "run")
	args := append(shift, cmd.Path, "run")
	path, err := exec.LookPath(args[0])
	if err != nil {
		t.Fatal(err)
	}
	cmd.Path, cmd.Args, cmd.Env = path, args, append(cmd.Env, "PATH="+os.Getenv("PATH"), "INTERVAL=0.0083")
	s := &service{t: t, cmd: cmd, home: home, errs: new(bytes.Buffer)}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	began := time.Now()
	s.rounds(6)
	if took := time.Since(began); took < time.Second {
		t.Errorf("six rounds of half a second in %s", took)
	}
	if k := state(t, home); len(k.Checks) != 3 || k.Checks[2].Verdict != "unknown" {
		t.Errorf("%+v", k)
	}
}
