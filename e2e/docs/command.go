package docs

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
)

// Command is one command of a page.
type Command struct {
	Page   string
	Line   int
	Text   string
	Prints bool     // what it prints is on the page
	Output []string // that
}

// At is the command's place on its page.
func (c Command) At() string { return fmt.Sprintf("%s:%d", c.Page, c.Line) }

// Commands are those of a block of kind "console".
func Commands(b Block) ([]Command, error) {
	if len(b.Lines) > 0 && strings.HasPrefix(b.Lines[0], "$ ") {
		return session(b), nil
	}
	return script(b)
}

// session reads prompts, commands and what they print.
func session(b Block) (commands []Command) {
	for i, line := range b.Lines {
		last := len(commands) - 1
		text, is := strings.CutPrefix(line, "$ ")
		more, goesOn := strings.CutPrefix(line, "> ")
		switch {
		case is:
			commands = append(commands, Command{Page: b.Page, Line: b.Line + i, Text: text, Prints: true})
		case goesOn && len(commands[last].Output) == 0:
			commands[last].Text += "\n" + more
		default:
			commands[last].Output = append(commands[last].Output, line)
		}
	}
	for i := range commands {
		commands[i].Output = trimEnd(commands[i].Output)
	}
	return commands
}

// script reads commands of one line or, where bash wants more, of several.
func script(b Block) (commands []Command, err error) {
	var text []string
	for i, line := range b.Lines {
		text = append(text, line)
		whole := strings.Join(text, "\n")
		if strings.TrimSpace(whole) == "" || strings.HasPrefix(whole, "#") && len(text) == 1 {
			text = nil
			continue
		}
		complete, err := isComplete(whole)
		if err != nil {
			return nil, err
		}
		if complete {
			commands = append(commands, Command{Page: b.Page, Line: b.Line + i + 1 - len(text), Text: whole})
			text = nil
		}
	}
	if len(text) > 0 {
		return nil, fmt.Errorf("%s:%d: bash finds no end: %q", b.Page, b.Line, strings.Join(text, "\n"))
	}
	return commands, nil
}

// isComplete asks bash, which warns of an open here-document only.
func isComplete(text string) (bool, error) {
	if strings.HasSuffix(text, `\`) {
		return false, nil
	}
	cmd := exec.Command("bash", "-n", "-c", text)
	var says bytes.Buffer
	cmd.Stderr = &says
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		return false, err
	}
	return says.Len() == 0, nil
}

// Matches tells whether what was printed is what the page shows: "…" stands
// for anything within a line, and alone on a line for any number of lines.
func Matches(shown []string, printed string) bool {
	var pattern strings.Builder
	pattern.WriteString(`^`)
	for _, line := range shown {
		if strings.TrimSpace(line) == "…" {
			pattern.WriteString(`(.*\n)*`)
			continue
		}
		parts := strings.Split(line, "…")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		pattern.WriteString(strings.Join(parts, `.*`) + `\n`)
	}
	pattern.WriteString(`$`)
	if printed != "" && !strings.HasSuffix(printed, "\n") {
		printed += "\n"
	}
	return regexp.MustCompile(pattern.String()).MatchString(printed)
}

// spans are what a page sets as code within its text.
var spans = regexp.MustCompile("`([^`\n]+)`")

// Mentions are the commands that a page names within its text, outside of
// blocks, by the first word of each: "make test", "jetpack keepalive --off".
func Mentions(page, text string, programs map[string]bool) (mentions []Command) {
	fenced := false
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if fenced || strings.HasPrefix(line, "    ") {
			continue
		}
		for _, span := range spans.FindAllStringSubmatch(line, -1) {
			if first, rest, _ := strings.Cut(span[1], " "); programs[first] && rest != "" {
				mentions = append(mentions, Command{Page: page, Line: i + 1, Text: span[1]})
			}
		}
	}
	return mentions
}
