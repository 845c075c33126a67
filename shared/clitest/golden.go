package clitest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sections are those of every man page, in their order.
var sections = []string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "FILES", "ENVIRONMENT", "EXAMPLES", "NOTES", "SEE ALSO"}

// page: README.md is the man page and knows every option that --help knows.
func (c contract) page(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var headings []string
	for _, match := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllSubmatch(text, -1) {
		headings = append(headings, strings.ReplaceAll(string(match[1]), "-", " "))
	}
	if !slices.Equal(headings, sections) {
		t.Errorf("sections %q, want %q", headings, sections)
	}
	known, documented := options(c.allHelp(t)), options(section(string(text), "OPTIONS"))
	for _, option := range known {
		if !slices.Contains(documented, option) {
			t.Errorf("README.md's OPTIONS do not know %s", option)
		}
	}
	for _, option := range documented {
		if !slices.Contains(known, option) {
			t.Errorf("README.md's OPTIONS tell of %s, which --help does not know", option)
		}
	}
}

// allHelp is the help of the program and of its subcommands.
func (c contract) allHelp(t *testing.T) string {
	help := c.run(t, c.command(t, t.TempDir(), "--help")).stdout
	if !strings.HasPrefix(help, "Usage: "+c.name+" <command> [flags]") {
		return help // no subcommands of its own
	}
	_, commands, _ := strings.Cut(help, "\nCommands:\n")
	for _, match := range regexp.MustCompile(`(?m)^  ([a-z][a-z-]*)`).FindAllStringSubmatch(commands, -1) {
		help += c.run(t, c.command(t, t.TempDir(), match[1], "--help")).stdout
	}
	return help
}

func section(text, name string) string {
	_, rest, _ := strings.Cut(text, "\n## "+name+"\n")
	body, _, _ := strings.Cut(rest, "\n## ")
	return body
}

func options(text string) []string {
	found := regexp.MustCompile(`(^|[\s,\[`+"`"+`])(--[a-z][a-z0-9-]+)`).FindAllStringSubmatch(text, -1)
	var names []string
	for _, match := range found {
		names = append(names, match[2])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// systems are those whose linked packages deps.txt lists.
var systems = []string{"linux", "windows"}

// linkedPackages: deps.txt is what the program links beyond the standard
// library. A new line is a decision; `make deps` writes it down.
func (c contract) linkedPackages(t *testing.T) {
	got := linked(t)
	if os.Getenv("UPDATE_DEPS") != "" {
		if err := os.WriteFile("deps.txt", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("deps.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("linked packages differ from deps.txt; if that is meant, run make deps\n--- deps.txt\n%s--- now\n%s", want, got)
	}
}

func linked(t *testing.T) string {
	on := map[string][]string{}
	for _, system := range systems {
		cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".")
		cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go list for %s: %v\n%s", system, err, &stderr)
		}
		for path := range strings.Lines(string(out)) {
			path = strings.TrimSpace(path)
			on[path] = append(on[path], system)
		}
	}
	var lines []string
	for path, systems := range on {
		line := path
		if len(systems) == 1 {
			line = fmt.Sprintf("%s (%s)", path, systems[0])
		}
		lines = append(lines, line+"\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}
