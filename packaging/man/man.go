// Package man makes man pages of the programs' README files: of headings,
// paragraphs, lists, definitions, tables and code, which is what they hold.
package man

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Section is the section of a program's page: 8 for what only an administrator
// runs, else 1.
func Section(program string) string {
	if program == "healthcheckd" {
		return "8"
	}
	return "1"
}

// Page is the roff source of a program's page. The date is that of the release.
func Page(program, version, readme string, date time.Time) string {
	w := &writer{lines: strings.Split(readme, "\n")}
	w.put(`'\" t`)
	w.put(fmt.Sprintf(`.TH %s %s %s "Jetpack %s" "Jetpack"`,
		strings.ToUpper(strings.ReplaceAll(program, "-", `\-`)), Section(program), date.UTC().Format(time.DateOnly), version))
	for w.next() {
	}
	return w.out.String()
}

type writer struct {
	lines []string
	out   strings.Builder
	name  bool // within NAME, whose line indexers of man pages read
}

var (
	bullet   = regexp.MustCompile(`^\* `)
	numbered = regexp.MustCompile(`^([0-9]+\.) `)
	divider  = regexp.MustCompile(`^\|[ :|-]+\|$`)
)

func (w *writer) put(text string) { w.out.WriteString(text + "\n") }

// next writes one block, and tells whether there was one.
func (w *writer) next() bool {
	for len(w.lines) > 0 && strings.TrimSpace(w.lines[0]) == "" {
		w.lines = w.lines[1:]
	}
	if len(w.lines) == 0 {
		return false
	}
	first := w.lines[0]
	switch {
	case strings.HasPrefix(first, "#"):
		w.heading()
	case strings.HasPrefix(first, "    "):
		w.code(w.take(func(s string) bool { return s == "" || strings.HasPrefix(s, "    ") }), "    ")
	case strings.HasPrefix(first, "```"):
		w.lines = w.lines[1:]
		w.code(w.take(func(s string) bool { return !strings.HasPrefix(s, "```") }), "")
		w.lines = w.lines[min(1, len(w.lines)):]
	case strings.HasPrefix(first, "|"):
		w.table(w.take(func(s string) bool { return strings.HasPrefix(s, "|") }))
	case bullet.MatchString(first), numbered.MatchString(first):
		w.item()
	default:
		w.paragraph()
	}
	return true
}

func (w *writer) take(while func(string) bool) []string {
	n := 0
	for n < len(w.lines) && while(w.lines[n]) {
		n++
	}
	taken := w.lines[:n]
	w.lines = w.lines[n:]
	return taken
}

func (w *writer) heading() {
	title := strings.TrimSpace(strings.TrimLeft(w.lines[0], "#"))
	level := len(w.lines[0]) - len(strings.TrimLeft(w.lines[0], "#"))
	w.lines = w.lines[1:]
	w.name = title == "NAME"
	switch level {
	case 1: // the program's name, which .TH has
	case 2:
		w.put(".SH " + quoted(title))
	default:
		w.put(".SS " + quoted(title))
	}
}

func quoted(text string) string {
	return `"` + strings.ReplaceAll(escape(text, false), `"`, `\(dq`) + `"`
}

func (w *writer) code(lines []string, indent string) {
	w.put(".PP\n.RS 4\n.nf")
	for _, l := range strings.Split(strings.TrimRight(strings.Join(lines, "\n"), "\n"), "\n") {
		w.put(line(escape(strings.TrimPrefix(l, indent), true)))
	}
	w.put(".fi\n.RE")
}

// words is a paragraph's text: its lines up to an empty one or another block.
func (w *writer) words() string {
	taken := w.lines[:1]
	w.lines = w.lines[1:]
	taken = append(taken[:1:1], w.take(func(s string) bool {
		return strings.TrimSpace(s) != "" && !bullet.MatchString(s) && !numbered.MatchString(s) && !strings.HasPrefix(s, ": ") && !strings.HasPrefix(s, "|") && !strings.HasPrefix(s, "#")
	})...)
	for i := range taken {
		taken[i] = strings.TrimSpace(taken[i])
	}
	return inline(strings.Join(taken, "\n"))
}

func (w *writer) write(text string) {
	for l := range strings.SplitSeq(text, "\n") {
		w.put(line(l))
	}
}

// paragraph writes text, or a term and its definition.
func (w *writer) paragraph() {
	text := w.words()
	if len(w.lines) > 0 && strings.HasPrefix(w.lines[0], ": ") {
		w.lines[0] = w.lines[0][2:]
		w.put(".TP")
		w.write(text)
		w.write(w.words())
		return
	}
	if w.name {
		text = strings.Replace(text, " - ", ` \- `, 1)
	} else {
		w.put(".PP")
	}
	w.write(text)
}

// item writes one point of a list; "`option`: what it does" becomes a term and
// its text.
func (w *writer) item() {
	mark := `\(bu`
	if m := numbered.FindStringSubmatch(w.lines[0]); m != nil {
		mark = m[1]
	}
	w.lines[0] = w.lines[0][strings.Index(w.lines[0], " ")+1:]
	text := w.words()
	term, rest, found := strings.Cut(text, ": ")
	if mark != `\(bu` || !found || strings.Contains(term, "\n") || strings.Contains(term, ". ") {
		w.put(".IP " + mark + " 4")
		w.write(text)
		return
	}
	w.put(".TP")
	w.write(term)
	w.write(rest)
}
