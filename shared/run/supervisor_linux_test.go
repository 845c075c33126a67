package run

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// A supervisor adopts, which is the business of a whole process: the tests of
// it run in one of their own, this binary started as a supervisor.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_SUPERVISOR") != "" {
		supervise()
		return
	}
	os.Exit(m.Run())
}

// family is what a supervising process does and found.
type family struct {
	Cgroups bool
	Lines   []string      // of shell, all at once
	InTurn  bool          // or not
	Robbed  string        // somebody removes in between: "cells", the emptied cgroups; "all", the one above as well
	Files   int           // it may open so many more; 0 is no limit
	Cancel  time.Duration // after which the caller gives the last of them up; 0 is never
	Timeout time.Duration
	Results []Result
	Errors  []string
	Left    int // processes of ours at the end
	Cgroup  bool
}

func supervise() {
	var f family
	if err := json.NewDecoder(os.Stdin).Decode(&f); err != nil {
		panic(err)
	}
	s := Supervise(Options{Cgroups: f.Cgroups})
	f.Cgroup = s.cgroups != ""
	f.Results, f.Errors = make([]Result, len(f.Lines)), make([]string, len(f.Lines))
	limitFiles(f.Files)
	var all sync.WaitGroup
	for i, line := range f.Lines {
		if f.InTurn {
			all.Wait()
		}
		s.robbed(f.Robbed)
		all.Go(func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if f.Cancel > 0 && i == len(f.Lines)-1 {
				time.AfterFunc(f.Cancel, cancel)
			}
			result, err := s.Run(ctx, Process{
				Path: "/bin/sh", Args: []string{"-c", line}, Env: []string{"PATH=/usr/bin:/bin"},
				Output: NewTail(10), Timeout: f.Timeout, Grace: 100 * time.Millisecond,
			})
			if err != nil {
				f.Errors[i] = err.Error()
			}
			f.Results[i] = result
		})
	}
	all.Wait()
	f.Left = living(s)
	s.Close()
	json.NewEncoder(os.Stdout).Encode(f)
}

// play runs lines under a supervisor. A first line of shell may be run by the
// process before it becomes one.
func play(t *testing.T, f family, before string) family {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", before+` exec "$0"`, os.Args[0])
	cmd.Env = append(os.Environ(), "RUN_SUPERVISOR=1")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(text), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var got family
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for i, text := range got.Errors {
		if text != "" && f.Files == 0 {
			t.Errorf("%s: %s", f.Lines[i], text)
		}
	}
	return got
}

// hostile lines, with how many processes each leaves behind.
var hostile = []struct {
	line   string
	left   int
	status int
}{
	{"exit 0", 0, 0},
	{"sleep 71 & exit 1", 1, 1},
	{"setsid sleep 71 & exit 2", 1, 2},
	{"(setsid sh -c '(sleep 71 &) ; sleep 71' &) ; sleep 0.1; exit 3", 3, 3},
	{"env -i /usr/bin/setsid -f /bin/sleep 71; exit 4", 1, 4},
	{"for i in 1 2 3 4 5 6 7 8 9 10; do setsid sleep 71 & done; sleep 0.1; exit 5", 10, 5},
	{"trap '' TERM; sleep 71 & exit 6", 1, 6},
	{"sh -c 'trap \"\" TERM HUP; while :; do setsid sleep 0.01; done' & sleep 0.1; exit 7", -1, 7},
}

// living counts the adopted processes that go on living: one that was killed
// takes a moment to end on a busy machine.
func living(s *Supervisor) (count int) {
	for range 50 {
		count = 0
		for _, pid := range bury(s.adopted()) {
			if p, found := lookup(pid); found && p.alive() {
				count++
			}
		}
		if count == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return count
}

func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	for _, cgroups := range []bool{false, true} {
		for _, c := range hostile {
			got := play(t, family{Cgroups: cgroups, Lines: []string{c.line}, Timeout: 10 * time.Second}, "")
			r := got.Results[0]
			if r.Status != c.status || c.left >= 0 && r.Leftovers != c.left || c.left < 0 && r.Leftovers < 1 || got.Left != 0 {
				t.Errorf("cgroups %v: %s: %+v, %d left at the end", got.Cgroup, c.line, r, got.Left)
			}
		}
	}
}

// One after the other in what may be the same cgroup: each is judged by its own
// end, those after one that had to be swept as well.
func TestOneAfterTheOther(t *testing.T) {
	t.Parallel()
	for _, cgroups := range []bool{false, true} {
		f := family{Cgroups: cgroups, InTurn: true, Timeout: 10 * time.Second}
		for i := range 30 {
			f.Lines = append(f.Lines, [...]string{"exit 0", "exit 3", "setsid sleep 71 & sleep 0.01; exit 4"}[i%3])
		}
		for i, r := range play(t, f, "").Results {
			if want := [...]int{0, 3, 4}[i%3]; r.Status != want || r.Leftovers != i%3/2 {
				t.Errorf("cgroups %v, number %d: %+v", cgroups, i, r)
			}
		}
	}
}

// Many at once: what one leaves behind is not taken for another's, except what
// hides, which is found when all have ended.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	var lines []string
	want := 0
	for range 4 {
		for _, c := range hostile {
			if c.left >= 0 && !strings.Contains(c.line, "env -i") {
				lines, want = append(lines, c.line), want+c.left
			}
		}
	}
	for _, cgroups := range []bool{false, true} {
		got := play(t, family{Cgroups: cgroups, Lines: append(lines, "env -i /usr/bin/setsid -f /bin/sleep 71; sleep 0.5"), Timeout: 20 * time.Second}, "")
		sum := 0
		for _, r := range got.Results[:len(lines)] {
			sum += r.Leftovers
		}
		// One in the midst of exec may be counted twice.
		if sum < want || sum > want+5 || got.Left != 0 {
			t.Errorf("cgroups %v: leftovers %d, want %d; %d left at the end", got.Cgroup, sum, want, got.Left)
		}
	}
}

func TestTimeoutTakesTheWholeFamily(t *testing.T) {
	t.Parallel()
	for _, cgroups := range []bool{false, true} {
		began := time.Now()
		got := play(t, family{Cgroups: cgroups, Lines: []string{"setsid sleep 71 & (setsid sleep 71 &); trap '' TERM; while :; do sleep 71; done"}, Timeout: 200 * time.Millisecond}, "")
		r := got.Results[0]
		if !r.TimedOut || r.Leftovers < 3 || got.Left != 0 || r.Duration > 550*time.Millisecond {
			t.Errorf("cgroups %v: %+v, %d left, after %s", got.Cgroup, r, got.Left, time.Since(began))
		}
	}
}

// What the process has from before it supervised is none of its business.
func TestStrangersLiveOn(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/pid"
	before := fmt.Sprintf("sleep 72 </dev/null >/dev/null 2>&1 & echo $! > %s;", file)
	got := play(t, family{Lines: []string{"setsid sleep 71 & exit 0"}, Timeout: 10 * time.Second}, before)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	fmt.Sscan(string(text), &pid)
	p, found := lookup(pid)
	if !found || !p.alive() {
		t.Error("a process that was there before was killed")
	}
	if found {
		p.kill()
	}
	if got.Results[0].Leftovers != 1 || got.Left != 1 {
		t.Errorf("%+v", got)
	}
}

// A supervisor that is killed leaves its children; the next one finds them.
func TestAbandoned(t *testing.T) {
	t.Parallel()
	text, _ := json.Marshal(family{Lines: []string{"setsid sleep 73 & echo; exec sleep 73"}})
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stdin = append(os.Environ(), "RUN_SUPERVISOR=1"), bytes.NewReader(text)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	mark := owner(cmd.Process.Pid) + "."
	marked := func() (n int) {
		for _, p := range processes() {
			if p.alive() && strings.HasPrefix(markIn(p.pid), mark) {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(10 * time.Second); marked() < 2; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the children did not start")
		}
	}
	s := new(Supervisor)
	if n := s.Abandoned(); marked() != 2 {
		t.Fatalf("%d processes of a living supervisor were killed", n)
	}
	cmd.Process.Kill()
	cmd.Wait()
	if n := s.Abandoned(); n < 2 {
		t.Errorf("%d processes found, want 2", n)
	}
	for end := time.Now().Add(5 * time.Second); marked() > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("they live on")
		}
	}
}
