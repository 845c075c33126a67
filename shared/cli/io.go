package cli

import (
	"fmt"
	"io"
	"strings"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
)

// IO is what a command may touch of its process.
type IO struct {
	In       io.Reader
	Out      io.Writer // the answer and nothing else; buffered, flushed at the end
	Err      io.Writer // unbuffered
	Home     home.Home
	Verbose  bool // -v
	Terminal bool // Out is a terminal
	Color    bool // Out is a terminal and colours are wanted

	name string
}

// Logf says on stderr what is done, only with -v.
func (io IO) Logf(format string, args ...any) {
	if io.Verbose {
		io.Warnf(format, args...)
	}
}

// ErrTerminal tells whether Err is a terminal, where somebody may watch
// progress.
func (io IO) ErrTerminal() bool {
	err, ok := io.Err.(stream)
	return ok && isTerminal(err.file)
}

// Warnf says on stderr what the user must know although the command goes on.
func (io IO) Warnf(format string, args ...any) {
	fmt.Fprintf(io.Err, "%s: %s\n", io.name, oneLine(fmt.Sprintf(format, args...)))
}

// Flush sends what is in Out on its way, for commands that answer in pieces.
func (io IO) Flush() error {
	if out, ok := io.Out.(*output); ok {
		return out.Flush()
	}
	return nil
}

func (io IO) printError(err error) {
	io.Warnf("%v", err)
	for _, hint := range exit.Hints(err) {
		io.Warnf("hint: %s", hint)
	}
}

// oneLine keeps a message to one line that cannot steer a terminal: control
// characters, which can only come from outside, are shown as escapes.
func oneLine(s string) string {
	if !strings.ContainsFunc(s, isControl) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteByte(' ')
		case isControl(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }
