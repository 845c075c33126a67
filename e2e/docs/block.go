// Package docs reads the commands out of the documentation, so that a test can
// run each as it is printed.
//
// An indented block and one fenced as `console` hold commands. Where the first
// line starts with "$ ", lines that do so are commands (continued by "> ") and
// the others are what they print; "…" stands for anything there. Else every
// line is a command. What is no command is fenced and says what it is.
package docs

import (
	"fmt"
	"strings"
)

// Block is a piece of a page that is set as code.
type Block struct {
	Page  string
	Line  int    // of its first line of content, from 1
	Kind  string // "console" for commands, else what its fence says
	Title string // of the section
	Lines []string
}

// Fences that hold no commands of a shell. Those of PowerShell and cmd.exe are
// commands, but of Windows.
var otherKinds = map[string]bool{"text": true, "json": true, "python": true, "powershell": true, "bat": true, "c": true}

// Synopsis is the title of the section that shows forms of use, not commands.
const Synopsis = "SYNOPSIS"

// Blocks finds the blocks of a page of Markdown. A fence that does not say
// what it holds is an error: commands could hide in it.
func Blocks(page, text string) (blocks []Block, err error) {
	lines := strings.Split(text, "\n")
	title, blank := "", true
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch {
		case strings.HasPrefix(line, "#"):
			title = strings.TrimSpace(strings.TrimLeft(line, "#"))
		case strings.HasPrefix(line, "```"):
			b := Block{Page: page, Line: i + 2, Kind: strings.TrimPrefix(line, "```"), Title: title}
			if b.Kind != "console" && !otherKinds[b.Kind] {
				return nil, fmt.Errorf("%s:%d: the fence says %q: say console, or what else it holds", page, i+1, b.Kind)
			}
			for i++; i < len(lines) && !strings.HasPrefix(lines[i], "```"); i++ {
				b.Lines = append(b.Lines, lines[i])
			}
			blocks = append(blocks, b)
		case strings.HasPrefix(line, "    ") && blank:
			b := Block{Page: page, Line: i + 1, Kind: "console", Title: title}
			for ; i < len(lines) && (lines[i] == "" || strings.HasPrefix(lines[i], "    ")); i++ {
				b.Lines = append(b.Lines, strings.TrimPrefix(lines[i], "    "))
			}
			i--
			blank = true
			b.Lines = trimEnd(b.Lines)
			if title != Synopsis {
				blocks = append(blocks, b)
			}
			continue
		}
		blank = strings.TrimSpace(line) == ""
	}
	return blocks, nil
}

func trimEnd(lines []string) []string {
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
