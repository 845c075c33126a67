//go:build linux

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jetpack.internal/e2e/docs"
)

// checkBlock looks at what is no command: JSON is JSON ("…" stands for
// anything), a text is none that a shell could run, and what is for Windows is
// excused line by line.
func checkBlock(t *testing.T, b docs.Block, excuses *excuses) {
	t.Helper()
	switch b.Kind {
	case "json":
		if text := strings.Join(b.Lines, "\n"); !json.Valid([]byte(text)) {
			t.Errorf("%s:%d: this is no JSON", b.Page, b.Line)
		}
	case "text":
		for i, line := range b.Lines {
			first, _, _ := strings.Cut(line, " ")
			if _, err := exec.LookPath(first); err == nil || strings.HasPrefix(first, "jetpack") || first == "$" {
				t.Errorf("%s:%d: %q looks like a command: fence it as console", b.Page, b.Line+i, line)
			}
		}
	case "powershell", "bat":
		for i, line := range b.Lines {
			if c := (docs.Command{Page: b.Page, Line: b.Line + i, Text: line}); strings.TrimSpace(line) != "" && !excuses.has(c) {
				t.Errorf("%s: no test runs %q: give the reason in %s", c.At(), line, excuseFile)
			}
		}
	}
}

// checkMentions: commands within the text have programs, options and targets
// that exist, and links lead to pages.
func checkMentions(t *testing.T, page, text, bin string, excuses *excuses) {
	t.Helper()
	programs := map[string]bool{"make": true}
	for _, name := range programNames(t) {
		programs[name] = true
	}
	for _, m := range docs.Mentions(page, text, programs) {
		if excuses.has(m) {
			continue
		}
		words := strings.Fields(m.Text)
		if words[0] == "make" {
			if target := words[1]; !strings.Contains(target, "=") && !strings.Contains(readText(t, "../Makefile"), "\n"+target+":") {
				t.Errorf("%s: the Makefile has no %s", m.At(), target)
			}
			continue
		}
		checkOptions(t, m, bin, words)
	}
	for _, link := range links.FindAllStringSubmatch(text, -1) {
		checkLink(t, page, link[1])
	}
}

var links = regexp.MustCompile(`\]\(([^) ]+)\)`)

// checkLink: the page that a link names is there, and has the heading.
func checkLink(t *testing.T, page, link string) {
	t.Helper()
	target, anchor, _ := strings.Cut(link, "#")
	if strings.Contains(target, "://") {
		return
	}
	path := filepath.Join("..", page)
	if target != "" {
		path = filepath.Join("..", filepath.Dir(page), target)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("%s: the link to %s leads nowhere", page, link)
	} else if anchor != "" && !slices.Contains(anchors(readText(t, path)), anchor) {
		t.Errorf("%s: the link to %s leads to no heading", page, link)
	}
}

// anchors are the names that a page's headings have in links.
func anchors(text string) (names []string) {
	for _, heading := range headings.FindAllStringSubmatch(text, -1) {
		name := strings.ReplaceAll(strings.ToLower(heading[1]), " ", "-")
		names = append(names, regexp.MustCompile(`[^a-z0-9_-]`).ReplaceAllString(name, ""))
	}
	return names
}

var headings = regexp.MustCompile(`(?m)^#+ (.*)$`)

// checkOptions: the program named, or its subcommand, knows the options.
func checkOptions(t *testing.T, m docs.Command, bin string, words []string) {
	t.Helper()
	program := words[0]
	if program == "jetpack" && !strings.HasPrefix(words[1], "-") {
		if _, err := exec.LookPath(filepath.Join(bin, "jetpack-"+words[1])); err != nil {
			if words[1] != "help" && words[1] != "completion" && words[1] != "mine" && words[1] == strings.ToLower(words[1]) {
				t.Errorf("%s: there is no jetpack %s", m.At(), words[1])
			}
			return
		}
		program = "jetpack-" + words[1]
	}
	help, err := exec.Command(filepath.Join(bin, program), "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range words[1:] {
		option, _, _ := strings.Cut(strings.Trim(word, "[]"), "=")
		if strings.HasPrefix(option, "--") && len(option) > 2 && !strings.Contains(string(help), option) {
			t.Errorf("%s: %s has no %s", m.At(), program, option)
		}
	}
}
