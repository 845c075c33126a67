package chef

import (
	"cmp"
	"regexp"
	"strings"
)

// Trouble is what the output of a client that failed says of it. What it does
// not say is "".
type Trouble struct {
	Cookbook string // that holds the fault
	File     string // in the cookbook, with slashes
	Line     string // number of the line
	Code     string // that stands there
	Resource string // that could not be brought about, as "file[/etc/hosts]"
	Action   string // of the resource
	Reason   string // one line
	Detail   string // all that a person needs, without the rest of the output
}

// Recipe is the recipe's name in a run list, "" when the fault is elsewhere.
func (t Trouble) Recipe() string {
	name, found := strings.CutPrefix(t.File, "recipes/")
	if !found {
		return ""
	}
	return t.Cookbook + "::" + strings.TrimSuffix(name, ".rb")
}

// Explain reads the output of a client that failed. Chef describes an error in
// a block that has been the same from version 11 on:
//
//	================================================
//	Error executing action `run` on resource 'execute[mount]'
//	================================================
//
//	Mixlib::ShellOut::ShellCommandFailed
//	------------------------------------
//	Expected process to exit with [0], but received '2'
//
// and more headings with their text. The last block counts, for those before it
// were of errors that a recipe has chosen to ignore. Where there is none, the
// first fatal line of the log tells the reason, and a client that was killed has
// said what it was doing.
func Explain(output string) Trouble {
	lines := strings.Split(output, "\n")
	for i := len(lines) - 3; i >= 0; i-- {
		if isRule(lines[i], '=') && isRule(lines[i+2], '=') {
			return block(dedent(lines[i+1:]))
		}
	}
	if reason := fatal(lines); reason != "" {
		return Trouble{Reason: reason}
	}
	return doing(lines)
}

// isRule tells a line that underlines others.
func isRule(line string, stroke byte) bool {
	line = strings.TrimSpace(line)
	return len(line) > 2 && strings.Trim(line, string(stroke)) == ""
}

// dedent takes from the lines what the first one is indented by.
func dedent(lines []string) []string {
	indent := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], " "))]
	cut := make([]string, len(lines))
	for i, line := range lines {
		cut[i] = strings.TrimRight(strings.TrimPrefix(line, indent), " ")
	}
	return cut
}

var (
	acting = regexp.MustCompile("^Error executing action `(.+)` on resource '(.+)'$")
	place  = regexp.MustCompile(`cookbooks[/\\]([^/\\\s]+)[/\\](\S+?\.rb)(?::(\d+))?`)
	marked = regexp.MustCompile(`^\s*(\d+)>>\s*(.*)$`)
)

// block understands a block of which the title is the first line.
func block(lines []string) Trouble {
	title, sections := lines[0], split(lines[2:])
	t := Trouble{Reason: strings.TrimSuffix(title, ":")}
	if match := acting.FindStringSubmatch(title); match != nil {
		t.Action, t.Resource, t.Reason = match[1], match[2], ""
	}
	detail := []string{title}
	for i, s := range sections {
		if i == 0 {
			t.Reason = cmp.Or(s.reason(), t.Reason)
		}
		if s.title == "Compiled Resource:" || s.title == "System Info:" || s.title == "Platform:" {
			continue // the whole log has them
		}
		detail = append(detail, "", s.title)
		detail = append(detail, s.text...)
	}
	t.Detail = strings.Join(detail, "\n")
	t.locate(lines)
	return t
}

// locate finds the line at fault: the first that is named with its number.
func (t *Trouble) locate(lines []string) {
	for _, line := range lines {
		if match := place.FindStringSubmatch(line); match != nil && t.Line == "" && (t.File == "" || match[3] != "") {
			t.Cookbook, t.File, t.Line = match[1], strings.ReplaceAll(match[2], `\`, "/"), match[3]
		}
		if match := marked.FindStringSubmatch(line); match != nil {
			t.Code = match[2]
		}
	}
}

// section is a heading and what it heads.
type section struct {
	title string
	text  []string
}

// reason is what the section says in one line: its first, with the heading
// where that is an item of a list, and with the last words of a command that
// failed.
func (s section) reason() string {
	lines := s.text
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return ""
	}
	first := strings.TrimSuffix(strings.TrimSpace(lines[0]), ":")
	if item, found := strings.CutPrefix(first, "* "); found {
		return s.title + " " + item
	}
	if said := lastWords(lines); said != "" {
		return first + ": " + said
	}
	return first
}

// lastWords is the last line that a command has printed, of those that Chef
// quotes.
func lastWords(lines []string) (said string) {
	for _, line := range lines {
		if strings.HasPrefix(line, "---- End output of ") {
			return said
		}
		line = strings.TrimPrefix(strings.TrimPrefix(line, "STDOUT:"), "STDERR:")
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "---- Begin output of ") {
			said = ""
		} else if line != "" {
			said = line
		}
	}
	return ""
}

// split gives the sections up to the end of the block, where the client goes on
// to its handlers.
func split(lines []string) (sections []section) {
	for i, line := range lines {
		last := len(sections) - 1
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "Running handlers"):
			return trimmed(sections)
		case isRule(line, '-'):
		case i+1 < len(lines) && line != "" && isRule(lines[i+1], '-'):
			sections = append(sections, section{title: line})
		case last >= 0:
			sections[last].text = append(sections[last].text, line)
		}
	}
	return trimmed(sections)
}

// trimmed takes the empty lines from the end of each section.
func trimmed(sections []section) []section {
	for i := range sections {
		text := &sections[i].text
		for len(*text) > 0 && (*text)[len(*text)-1] == "" {
			*text = (*text)[:len(*text)-1]
		}
	}
	return sections
}

// fatal is the first fatal line of the log that tells something: those that
// follow say where.
func fatal(lines []string) (reason string) {
	for _, line := range lines {
		_, text, found := strings.Cut(line, "FATAL: ")
		if found && !strings.Contains(text, "stacktrace.out") {
			return strings.TrimSpace(text)
		}
	}
	return ""
}

var (
	reciping = regexp.MustCompile(`^\s*Recipe: ([^:\s]+)::(\S+)`)
	doingNow = regexp.MustCompile(`^\s*\* (\S+\[.*\]) action (\w+)`)
)

// doing is what a client without a last word was at.
func doing(lines []string) (t Trouble) {
	for _, line := range lines {
		if match := reciping.FindStringSubmatch(line); match != nil {
			t = Trouble{Cookbook: match[1], File: "recipes/" + match[2] + ".rb"}
		} else if match := doingNow.FindStringSubmatch(line); match != nil {
			t.Resource, t.Action = match[1], match[2]
		}
	}
	return t
}
