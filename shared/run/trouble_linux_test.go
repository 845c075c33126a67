package run

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// robbed removes cgroups that are kept for the next children, as anybody may
// who may: "cells", or "all" with the one above them.
func (s *Supervisor) robbed(what string) {
	if what == "" {
		return
	}
	for _, c := range s.spare {
		if err := os.Remove(string(c.cgroup)); err != nil {
			panic(err)
		}
	}
	if what == "all" && s.cgroups != "" {
		if err := os.Remove(string(s.cgroups)); err != nil {
			panic(err)
		}
	}
}

// limitFiles lets this process open so many more files, unless it is 0.
func limitFiles(more int) {
	if more == 0 {
		return
	}
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		panic(err)
	}
	limit := unix.Rlimit{Cur: uint64(len(entries) - 1 + more), Max: 1024}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		panic(err)
	}
}

// Cgroups that were kept for the next child, and the one above them, may be
// gone by then, for another who may is free to remove them: no child is the
// worse for it, and the next one has a cgroup again.
func TestCgroupsThatWereRemoved(t *testing.T) {
	t.Parallel()
	for _, robbed := range []string{"cells", "all"} {
		f := family{Cgroups: true, InTurn: true, Robbed: robbed, Timeout: 10 * time.Second}
		f.Lines = []string{"exit 0", "exit 3", "setsid sleep 71 & sleep 0.01; exit 4", "exit 5", "grep -q ^0::.*jetpack- /proc/self/cgroup; exit $?"}
		got := play(t, f, "")
		for i, want := range []int{0, 3, 4, 5, map[bool]int{true: 0, false: 1}[got.Cgroup]} {
			if r := got.Results[i]; r.Status != want || r.Leftovers != []int{0, 0, 1, 0, 0}[i] {
				t.Errorf("%s: cgroups %v, number %d: %+v", robbed, got.Cgroup, i, r)
			}
		}
	}
}

// A cgroup in which all were killed kills what is started in it next: it is
// nobody's after that, whoever has killed them.
func TestACgroupThatWasKilled(t *testing.T) {
	t.Parallel()
	const cell = `cell=$(grep -m1 ' - cgroup2 ' /proc/self/mountinfo | cut -d' ' -f5)$(grep ^0:: /proc/self/cgroup | cut -c4-); `
	f := family{Cgroups: true, InTurn: true, Timeout: 10 * time.Second}
	for range 3 {
		f.Lines = append(f.Lines, cell+`case $cell in *jetpack-*) echo 1 >"$cell/cgroup.kill";; *) kill -KILL $$;; esac`, "exit 3", "kill -KILL $$", "exit 3")
	}
	for i, r := range play(t, f, "").Results {
		if i%2 == 0 && r.Signal != "SIGKILL" || i%2 == 1 && r.Status != 3 {
			t.Errorf("number %d: %+v", i, r)
		}
	}
}

// A process that may open no more files says so, or judges rightly; it hears
// that it is to give up, and waits for no time-out.
func TestOutOfFiles(t *testing.T) {
	t.Parallel()
	right := 0
	for files := 5; files <= 12; files++ {
		f := family{Cgroups: true, InTurn: true, Files: files, Timeout: 20 * time.Second, Cancel: 100 * time.Millisecond}
		f.Lines = []string{"exit 3", "setsid sleep 71 & exit 3", "exec sleep 71"}
		began := time.Now()
		got := play(t, f, "")
		for i, r := range got.Results {
			if text := got.Errors[i]; text == "" && r.Status == []int{3, 3, -1}[i] && !r.TimedOut {
				right++
			} else if !strings.Contains(text, "too many open files") {
				t.Errorf("%d files, number %d: %+v, %s", files, i, r, text)
			}
		}
		if took := time.Since(began); took > 10*time.Second || got.Left > 0 {
			t.Errorf("%d files: took %s, %d left", files, took, got.Left)
		}
	}
	if right < 5 {
		t.Errorf("only %d were judged: the limits are too low to show anything", right)
	}
}

// Without the descriptor that tells of a child's end it is found out all the
// same.
func TestAwaitWithoutDescriptors(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("/bin/sh", "-c", "sleep 0.1; exit 3")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: cmd, out: &output{reader: -1}, platform: platform{end: -1}}
	if c.ends(context.Background(), 10*time.Millisecond) {
		t.Error("it has ended at once")
	}
	began := time.Now()
	if !c.ends(context.Background(), 10*time.Second) || time.Since(began) > 5*time.Second {
		t.Errorf("not noticed after %s", time.Since(began))
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 3 {
		t.Error(err)
	}
}

// Where /proc is away or hides the processes of others, children are judged
// and their groups swept all the same.
func TestHiddenProc(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to mount")
	}
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "tests")
	if out, err := exec.Command("cp", os.Args[0], binary).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for mount, left := range map[string]int{
		"mount -t tmpfs none /proc && exec": 0,
		"mount -t proc -o hidepid=2 none /proc && exec setpriv --reuid=61236 --regid=61236 --clear-groups": 1,
	} {
		f := family{Cgroups: true, InTurn: true, Timeout: 500 * time.Millisecond}
		f.Lines = []string{"exit 0", "exit 3", "sleep 71 & exit 4", "exec sleep 71"}
		got := play(t, f, fmt.Sprintf(`exec unshare --mount --pid --fork sh -c '%s "$0"' %s;`, mount, binary))
		for i, want := range []int{0, 3, 4, -1} {
			r := got.Results[i]
			if r.Status != want || r.TimedOut != (i == 3) || i == 2 && r.Leftovers < left {
				t.Errorf("%s: number %d: %+v", mount, i, r)
			}
		}
	}
}

// What a start fails by is named: not the file that is there when its folder,
// its interpreter or its loader is not.
func TestCauseIsTheTrueOne(t *testing.T) {
	t.Parallel()
	gone := filepath.Join(t.TempDir(), "gone")
	good := script(t, "x.sh", "#!/bin/sh\nexit 0\n")
	elf, err := os.ReadFile("/bin/true")
	if err != nil {
		t.Fatal(err)
	}
	loader := script(t, "loader", strings.Replace(string(elf), "/lib64/ld-linux", "/gone/ld-linux", 1))
	for _, c := range []struct {
		p    Process
		want string
	}{
		{Process{Path: good, Dir: gone}, "in its working folder: stat " + gone},
		{Process{Path: script(t, "y.sh", "exit 0\n"), Dir: gone}, "in its working folder"},
		{Process{Path: good, Dir: good}, "in its working folder: " + good + " is none"},
		{Process{Path: loader}, "it is there, but what is to load it is missing"},
		{Process{Path: gone}, "no such file"},
	} {
		_, err := Run(context.Background(), c.p)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.p, err, c.want)
		}
	}
	if err := explain(good, "", &os.PathError{Op: "fork/exec", Path: good, Err: syscall.EAGAIN}); !strings.Contains(err.Error(), "limit on processes") {
		t.Error(err)
	}
	if err := explain(good, "", &os.PathError{Op: "open", Path: "/dev/null", Err: syscall.ENOENT}); !strings.Contains(err.Error(), "open /dev/null") {
		t.Error(err)
	}
}
