package journal

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Level is how grave an entry is, in the words of the log.
type Level string

// The levels of an entry.
const (
	Debug Level = "DEBUG"
	Info  Level = "INFO"
	Warn  Level = "WARNING"
	Error Level = "ERROR"
)

// Journal is a node's log: logs/jetpack.log, which all programs append to.
type Journal struct {
	file File
	now  func() time.Time
}

// Five files of 10 MiB hold weeks of a busy node.
const (
	limit = 10 << 20
	keep  = 4
)

// Open is the journal at path. Nothing is touched before the first Log; the
// file is opened anew for each entry, so a rotation by another process is
// no matter.
func Open(path string) *Journal {
	return &Journal{File{Path: path, Limit: limit, Keep: keep}, time.Now}
}

// Log appends one entry of one line, in local time:
//
//	2006-01-02 15:04:05,000 LEVEL    text
//
// Whatever the text holds, it stays one entry and can neither forge another
// nor reach a terminal: control characters are written as \n, \t, \x1b, and
// bytes that are not UTF-8 as \xff.
func (j *Journal) Log(level Level, text string) error {
	if err := j.file.Append(context.Background(), []byte(entry(j.now(), level, text))); err != nil {
		return fmt.Errorf("cannot write log: %w", err)
	}
	return nil
}

func entry(now time.Time, level Level, text string) string {
	stamp := strings.Replace(now.Format("2006-01-02 15:04:05.000"), ".", ",", 1)
	return fmt.Sprintf("%s %-8s %s\n", stamp, level, oneLine(text))
}

func oneLine(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[0])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case !unicode.IsPrint(r) && r != '\u00a0':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}
