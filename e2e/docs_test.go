//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"jetpack.internal/e2e/docs"
)

// pages are all that a person reads: every one is played.
func pages(t *testing.T) (names []string) {
	t.Helper()
	for _, pattern := range []string{"README.md", "docs/*.md", "*/README.md"} {
		found, err := filepath.Glob(filepath.Join("..", pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		for _, name := range found {
			names = append(names, strings.TrimPrefix(name, "../"))
		}
	}
	return names
}

// TestDocs runs every command line of the documentation as it is printed, and
// compares what it prints where the page shows that.
func TestDocs(t *testing.T) {
	t.Parallel()
	bin := buildPrograms(t, programNames(t)...)
	excuses := readExcuses(t)
	all, played := pages(t), atomic.Int64{}
	t.Run("pages", func(t *testing.T) {
		for _, page := range all {
			t.Run(page, func(t *testing.T) {
				t.Parallel()
				played.Add(1)
				playPage(t, page, bin, excuses)
			})
		}
	})
	if int(played.Load()) == len(all) {
		excuses.allUsed(t)
	}
}

func playPage(t *testing.T, page, bin string, excuses *excuses) {
	checkMentions(t, page, readText(t, filepath.Join("..", page)), bin, excuses)
	commands := commandsOf(t, page, excuses)
	if len(commands) > 0 && !slices.Contains(installedPages, page) {
		stages[page].play(t, bin, commands)
	}
}

// commandsOf are the commands of a page that are not excused. What else is set
// as code is looked at.
func commandsOf(t *testing.T, page string, excuses *excuses) (commands []docs.Command) {
	t.Helper()
	blocks, err := docs.Blocks(page, readText(t, filepath.Join("..", page)))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks {
		checkBlock(t, b, excuses)
		if b.Kind != "console" {
			continue
		}
		found, err := docs.Commands(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range found {
			if !excuses.has(c) {
				commands = append(commands, c)
			}
		}
	}
	return commands
}

// programNames are the toolkit's programs: the folders with a man page.
func programNames(t *testing.T) (names []string) {
	t.Helper()
	found, err := filepath.Glob("../*/main.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range found {
		folder := filepath.Dir(path)
		if _, err := os.Stat(filepath.Join(folder, "README.md")); err == nil {
			names = append(names, filepath.Base(folder))
		}
	}
	if len(names) < 7 {
		t.Fatalf("programs: %v", names)
	}
	return names
}

// excuses are the commands that cannot run here, each with a reason.
type excuses struct {
	mu   sync.Mutex
	used map[string]bool
}

const excuseFile = "docs/excused.txt"

// readExcuses reads "PAGE: COMMAND" lines, each group below its reason.
func readExcuses(t *testing.T) *excuses {
	t.Helper()
	e := &excuses{used: map[string]bool{}}
	reason := false
	for i, line := range strings.Split(readText(t, excuseFile), "\n") {
		switch {
		case strings.HasPrefix(line, "# "):
			reason = true
		case line == "":
			reason = false
		case !reason:
			t.Errorf("%s:%d: no reason is given for %q", excuseFile, i+1, line)
		default:
			e.used[line] = false
		}
	}
	return e
}

func (e *excuses) has(c docs.Command) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	name := c.Page + ": " + c.Text
	if _, excused := e.used[name]; !excused {
		return false
	}
	e.used[name] = true
	return true
}

func (e *excuses) allUsed(t *testing.T) {
	for name, used := range e.used {
		if !used {
			t.Errorf("%s: no page has %q any more", excuseFile, name)
		}
	}
}
