package journal

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestEntry(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6_000_000, time.Local)
	for _, c := range []struct {
		level      Level
		text, want string
	}{
		{Info, "up", "2026-01-02 03:04:05,006 INFO     up\n"},
		{Warn, `literal \n "quoted" ü`, "2026-01-02 03:04:05,006 WARNING  literal \\n \"quoted\" ü\n"},
		{Error, "a\n2026-01-02 03:04:05,006 INFO     forged", `2026-01-02 03:04:05,006 ERROR    a\n2026-01-02 03:04:05,006 INFO     forged` + "\n"},
		{Info, "\x1b[31m\xff\u202e\r\t", `2026-01-02 03:04:05,006 INFO     \x1b[31m\xff\u202e\r\t` + "\n"},
	} {
		if got := entry(at, c.level, c.text); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// FuzzEntry: any text is one line with one time stamp, free of control characters.
func FuzzEntry(f *testing.F) {
	f.Add("a\nb")
	f.Add("\x1b[2J\u2028\u0085")
	f.Fuzz(func(t *testing.T, text string) {
		line := entry(time.Now(), Info, text)
		if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' }) {
			t.Errorf("%q became %q", text, line)
		}
	})
}

func TestManyWritersWhileRotating(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs", "jetpack.log")
	f := File{Path: path, Limit: 2000, Keep: 100}
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := range 25 {
				if err := f.Append(context.Background(), []byte(fmt.Sprintf("writer %d line %d\n", w, i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	names, err := filepath.Glob(path + "*")
	if err != nil || len(names) < 2 {
		t.Fatalf("not rotated: %v, %v", names, err)
	}
	seen := map[string]bool{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil || len(text) > 2000 {
			t.Errorf("%s has %d bytes, %v", name, len(text), err)
		}
		for line := range strings.Lines(string(text)) {
			if !regexp.MustCompile(`^writer \d line \d+\n$`).MatchString(line) {
				t.Errorf("torn line %q", line)
			}
			seen[line] = true
		}
	}
	if len(seen) != 200 {
		t.Errorf("%d lines of 200", len(seen))
	}
}

func TestKeepBoundsTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	f := File{Path: path, Limit: 10, Keep: 2}
	for i := range 9 {
		if err := f.Append(t.Context(), []byte(fmt.Sprintf("line  %d\n", i))); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"": "line  8\n", ".1": "line  7\n", ".2": "line  6\n"} {
		if got, err := os.ReadFile(path + name); err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v", name, got, err)
		}
	}
	if _, err := os.Stat(path + ".3"); err == nil {
		t.Error("more files than it may keep")
	}
}

func TestTornLineIsEnded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, []byte("torn"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (File{Path: path, Limit: 100}).Append(t.Context(), []byte("whole\n")); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "torn\nwhole\n" {
		t.Errorf("%q", got)
	}
}

func TestLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jetpack.log")
	j := Open(path)
	j.now = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local) }
	if err := j.LogAll(Info, nil); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("nothing made a log")
	}
	for _, err := range []error{j.Log(Info, "one"), j.LogAll(Warn, []string{"two", "three"})} {
		if err != nil {
			t.Error(err)
		}
	}
	want := "2026-01-02 03:04:05,000 INFO     one\n2026-01-02 03:04:05,000 WARNING  two\n2026-01-02 03:04:05,000 WARNING  three\n"
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	hidden := Open(t.TempDir()) // a folder is in its place
	for _, err := range []error{hidden.Log(Info, "one"), hidden.LogAll(Info, []string{"two"})} {
		if err == nil || !strings.HasPrefix(err.Error(), "cannot write log: ") {
			t.Errorf("where a folder is: %v", err)
		}
	}
}
