package check

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"jetpack.internal/shared/run"
)

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		verdicts []Verdict
		want     Verdict
	}{
		{nil, Good}, {[]Verdict{Good, Good}, Good}, {[]Verdict{Good, Unknown}, Unknown},
		{[]Verdict{Unknown, Bad, Good}, Bad}, {[]Verdict{"nonsense"}, Unknown},
	} {
		if got := Worst(c.verdicts...); got != c.want {
			t.Errorf("%v: %s, want %s", c.verdicts, got, c.want)
		}
	}
}

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		result run.Result
		want   Verdict
	}{
		{run.Result{Status: 0}, Good}, {run.Result{Status: 254}, Bad}, {run.Result{Status: 255}, Unknown},
		{run.Result{Status: 254, TimedOut: true}, Unknown}, {run.Result{Status: 0, TimedOut: true}, Unknown},
		{run.Result{Status: 254, Refused: 1}, Unknown}, {run.Result{Status: 0, Refused: 1}, Good},
		{run.Result{Status: -1, Signal: "SIGKILL"}, Unknown}, {run.Result{Status: -1}, Unknown},
	} {
		if got, reason := judge(c.result, nil, time.Second, ""); got != c.want || reason == "" {
			t.Errorf("%+v: %s, %q", c.result, got, reason)
		}
	}
	if got, reason := judge(run.Result{}, os.ErrNotExist, 0, ""); got != Unknown || reason == "" {
		t.Errorf("no start: %s, %q", got, reason)
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	runnable := []string{"10-disk.sh", "20 gpu.py", "Z.sh"}
	if runtime.GOOS == "windows" {
		runnable = []string{"10-disk.bat", "20 gpu.py", "Z.ps1"}
	}
	for _, name := range append([]string{".hidden.sh", "old.sh~", "readme.txt"}, runnable...) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	files, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if !slices.Equal(names, runnable) {
		t.Errorf("found %q", names)
	}
	if files, err := Find(filepath.Join(dir, "missing")); files != nil || err != nil {
		t.Errorf("no folder: %v, %v", files, err)
	}
	if _, err := Find(filepath.Join(dir, runnable[0])); err == nil {
		t.Error("a file for a folder is no error")
	}
}

func TestRunKeepsTheTail(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // the script is for a POSIX shell
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "x.sh")
	if err := os.WriteFile(path, []byte("seq 100000; exit 254\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := Runner{Supervisor: new(run.Supervisor), Scratch: dir, Env: []string{"PATH=/usr/bin:/bin"}, Tail: 100}
	got := r.Run(context.Background(), File{Name: "x.sh", Path: path}, time.Minute)
	if got.Verdict != Bad || *got.Status != 254 || got.Signal != nil || !strings.HasSuffix(got.Output, "99999\n100000\n") ||
		!strings.HasPrefix(got.Output, "[588795 bytes before this are left out]\n") {
		t.Errorf("%+v", got)
	}
	r.Tidy()
	if left, _ := filepath.Glob(filepath.Join(dir, "check-*")); len(left) > 0 {
		t.Errorf("left %q", left)
	}
	if got := r.Run(context.Background(), File{Name: "x.sh", Problem: "odd"}, time.Minute); got.Verdict != Unknown || got.Reason != "odd" {
		t.Errorf("%+v", got)
	}
}

// Bash that cannot fork ends with 254, which says nothing about the node.
func TestShellThatCannotForkIsUnknown(t *testing.T) {
	for output, want := range map[string]Verdict{
		"/d/x.sh: fork: retry: Resource temporarily unavailable\n/d/x.sh: fork: Resource temporarily unavailable\n": Unknown,
		"/d/x.sh: line 7: fork: Cannot allocate memory\nbye\n":                                                      Unknown,
		"/d/x.sh: fork: retry: Resource temporarily unavailable\nthe disk is gone\n":                                Bad, // the retry went well
		"the fork: of the road\n": Bad,
	} {
		if got, reason := judge(run.Result{Status: 254}, nil, time.Second, output); got != want {
			t.Errorf("%q: %s, %s", output, got, reason)
		}
	}
}
