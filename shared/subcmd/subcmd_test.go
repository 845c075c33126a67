package subcmd

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func program(t *testing.T, folder, name string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(folder, name+suffixes[0])
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFindOrder(t *testing.T) {
	first, self, path := t.TempDir(), t.TempDir(), t.TempDir()
	want := []string{program(t, first, "jetpack-a", 0o755), program(t, self, "jetpack-b", 0o755), program(t, path, "jetpack-c", 0o755)}
	program(t, self, "jetpack-a", 0o755)
	program(t, path, "jetpack-b", 0o755)
	p := NewPath("jetpack-", first, filepath.Join(self, "jetpack"), strings.Join([]string{"relative", path, first}, string(filepath.ListSeparator)))
	for i, name := range []string{"a", "b", "c"} {
		if got, err := p.Find(name); err != nil || got != want[i] {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want[i])
		}
	}
	if got := p.List(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("list %q", got)
	}
	if len(p.Folders) != 3 {
		t.Errorf("folders %q", p.Folders)
	}
}

func TestFindNothing(t *testing.T) {
	folder := t.TempDir()
	program(t, folder, "jetpack-a", 0o755)
	// What must not be found is there: a path, and a program without a name.
	if err := os.Mkdir(filepath.Join(folder, "jetpack-x"), 0o755); err != nil {
		t.Fatal(err)
	}
	program(t, filepath.Join(folder, "jetpack-x"), "b", 0o755)
	program(t, folder, "jetpack-", 0o755)
	p := NewPath("jetpack-", folder, "", "")
	if got := p.List(); !slices.Equal(got, []string{"a"}) {
		t.Errorf("list %q", got)
	}
	for _, name := range []string{"", "b", "../a", "x/b", "x/../jetpack-a", `..\a`} {
		if got, err := p.Find(name); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

func TestFindNotRunnable(t *testing.T) {
	plain, good := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(plain, "jetpack-folder"+suffixes[0]), 0o755); err != nil {
		t.Fatal(err)
	}
	p := NewPath("jetpack-", plain, "", good)
	var not *NotRunnableError
	if got, err := p.Find("folder"); !errors.As(err, &not) {
		t.Errorf("a folder: %q, %v", got, err)
	}
	if runtime.GOOS == "windows" {
		return // a suffix, not a mode, makes a program there
	}
	program(t, plain, "jetpack-a", 0o644)
	if got, err := p.Find("a"); !errors.As(err, &not) || not.Path != filepath.Join(plain, "jetpack-a") {
		t.Errorf("no executable bit: %q, %v", got, err)
	}
	want := program(t, good, "jetpack-a", 0o755)
	if got, err := p.Find("a"); got != want || err != nil {
		t.Errorf("a runnable one further on: %q, %v", got, err)
	}
}

func TestNear(t *testing.T) {
	names := []string{"config", "converge", "keepalive", "log", "send"}
	for name, want := range map[string][]string{
		"confg":     {"config"},
		"ocnfig":    {"config"},
		"lgo":       {"log"},
		"logs":      {"log"},
		"keepalvie": {"keepalive"},
		"convert":   {"converge"},
		"convoy":    nil,
		"x":         nil,
		"zz":        nil,
		"sned":      {"send"},
	} {
		if got := Near(name, names); !slices.Equal(got, want) {
			t.Errorf("near %q: %q, want %q", name, got, want)
		}
	}
}

func TestDistanceIsSymmetric(t *testing.T) {
	words := []string{"", "a", "ab", "ba", "config", "confgi", "cnfig", "converge"}
	for _, a := range words {
		for _, b := range words {
			if distance(a, b) != distance(b, a) {
				t.Errorf("distance of %q and %q is not symmetric", a, b)
			}
		}
		if distance(a, a) != 0 || distance(a, "") != len(a) {
			t.Errorf("distance of %q to itself or to nothing", a)
		}
	}
}
