package view

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"jetpack.internal/shared/check"
	"jetpack.internal/shared/keepalive"
)

// Table writes the checks for people, a line each.
func (v View) Table(w io.Writer, color bool) error {
	lines := []string{"CHECK\tVERDICT\tSINCE\tLAST RUN\tTOOK\tENDED\tOUTPUT"}
	for _, c := range v.Checks {
		lines = append(lines, strings.Join([]string{
			name(c.Name), string(c.Verdict), stamp(c.Since), stamp(c.LastRun), took(c.Result), ended(c.Result), said(c.Result),
		}, "\t"))
	}
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, strings.Join(lines, "\n"))
	if err := table.Flush(); err != nil {
		return err
	}
	for i, line := range strings.SplitAfter(text.String(), "\n") {
		line = strings.TrimRight(line, " \n")
		if line == "" {
			continue
		}
		if color && i > 0 {
			line = paint(v.Checks[i-1].Verdict) + line + "\x1b[0m"
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

func paint(verdict check.Verdict) string {
	switch verdict {
	case check.Good:
		return "\x1b[32m"
	case check.Bad:
		return "\x1b[31m"
	}
	return "\x1b[33m"
}

// name shows a file's name, which may hold anything.
func name(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Sprintf("%q", s)
	}
	return s
}

func stamp(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Local().Format(time.DateTime)
}

func took(r check.Result) string {
	return time.Duration(r.Seconds * float64(time.Second)).Round(time.Millisecond).String()
}

// ended is how the check's process ended.
func ended(r check.Result) string {
	switch {
	case r.TimedOut:
		return "time-out"
	case r.Signal != nil:
		return *r.Signal
	case r.Status != nil:
		return fmt.Sprint(*r.Status)
	}
	return "-"
}

// said is the last line of the output, or the reason where that says more.
func said(r check.Result) string {
	output := strings.TrimSpace(r.Output)
	if output == "" || r.Status == nil && r.Signal == nil && !r.TimedOut {
		if r.Verdict == check.Good && r.Status != nil {
			return ""
		}
		return lastOf(r.Reason, 240) // what matters may be at its end, behind a path
	}
	return lastLine(output)
}

// lastLine is the last line of a check's output, its beginning if it is long.
func lastLine(text string) string { return lastOf(text, 80) }

func lastOf(text string, most int) string {
	text = strings.TrimSpace(text)
	last := []rune(strings.ReplaceAll(text[strings.LastIndexByte(text, '\n')+1:], "\t", " "))
	if len(last) > most {
		last = append(last[:most-1], '…')
	}
	return string(last)
}

// KeepaliveText says in a few words what keeps the node.
func (v View) KeepaliveText() string {
	s := v.held
	text := "none"
	switch {
	case s.Active && s.Problem != "":
		return "holds until further notice: " + s.Problem
	case s.Forever:
		text = "forever"
	case s.Active:
		text = fmt.Sprintf("until %s (%s)", s.Until.Local().Format("2006-01-02 15:04:05 MST"), keepalive.FormatDuration(s.Left))
	case s.Problem != "":
		return "none: " + s.Problem
	}
	if s.Active && s.Reason != "" {
		text += fmt.Sprintf(", %q", s.Reason)
	}
	return text
}
