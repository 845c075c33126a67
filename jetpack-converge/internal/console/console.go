// Package console shows a converge to who watches it: plain lines, or on a
// terminal a line that lives.
package console

import (
	"fmt"
	"io"
	"time"
)

// Console is where the converge is shown. Plain implements it with lines.
type Console interface {
	Busy(text string)                                 // what is done until something else is told
	Phase(text string)                                // a part begins
	Line(format string, args ...any)                  // something worth a line
	Download(files int, bytes int64)                  // so much is to arrive
	Arrived(files int, bytes int64)                   // so much more has; by many goroutines
	Script(name string)                               // a script begins
	ScriptEnded(name, result string, d time.Duration) // and ends
	Quote(text string)                                // output of something that failed
	Raw(text []byte)                                  // output of something that runs
	Close()                                           // nothing more comes
}

// Plain writes lines.
type Plain struct {
	out   io.Writer
	flush func() error
}

// NewPlain writes lines to out and calls flush after each.
func NewPlain(out io.Writer, flush func() error) *Plain { return &Plain{out, flush} }

// Busy says nothing: most of it is over at once.
func (p *Plain) Busy(string) {}

// Phase writes the text.
func (p *Plain) Phase(text string) { p.Line("%s", text) }

// Line writes a line.
func (p *Plain) Line(format string, args ...any) {
	fmt.Fprintln(p.out, OneLine(fmt.Sprintf(format, args...)))
	p.flush()
}

// Download says what is to arrive.
func (p *Plain) Download(files int, bytes int64) {
	if files > 0 {
		p.Line("downloading %s, %s", count(files, "file"), Size(bytes))
	}
}

// Arrived says nothing: lines about bytes help nobody.
func (p *Plain) Arrived(int, int64) {}

// Script says nothing: the line comes with its end.
func (p *Plain) Script(string) {}

// ScriptEnded writes a line.
func (p *Plain) ScriptEnded(name, result string, d time.Duration) {
	p.Line("%s: %s (%s)", name, result, Duration(d))
}

// Quote writes the lines of a text, marked.
func (p *Plain) Quote(text string) {
	for _, line := range quoted(text) {
		p.Line("  | %s", line)
	}
}

// Raw passes on what a program prints, without what could steer a terminal.
func (p *Plain) Raw(text []byte) {
	fmt.Fprint(p.out, Printable(string(text)))
	p.flush()
}

// Close has nothing to do.
func (p *Plain) Close() {}
