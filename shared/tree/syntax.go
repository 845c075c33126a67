package tree

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf8"

	"jetpack.internal/shared/exit"
)

// SyntaxError says where a text stops being JSON, and why.
type SyntaxError struct {
	File     string // path or name of the text
	Line     int    // from 1
	Column   int    // from 1, in characters
	Expected string // what JSON wants there
	Found    string // what is there instead, quoted
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s: line %d, column %d: expected %s, found %s", e.File, e.Line, e.Column, e.Expected, e.Found)
}

// problem is the error of a scan that failed.
func (s *scanner) problem(name string) error {
	before := s.text[:s.pos]
	start := bytes.LastIndexByte(before, '\n') + 1
	err := exit.With(exit.Usage, &SyntaxError{
		File:     name,
		Line:     1 + bytes.Count(before, []byte{'\n'}),
		Column:   1 + utf8.RuneCount(before[start:]),
		Expected: s.expected,
		Found:    found(s.text[s.pos:]),
	})
	if bytes.HasPrefix(s.text, []byte{0xff, 0xfe}) || bytes.HasPrefix(s.text, []byte{0xfe, 0xff}) {
		return exit.Hint(err, "the file looks like UTF-16: save it as UTF-8")
	}
	return err
}

// found describes the start of what is left of a text: a whole word, because
// "found 'T'" does not say that somebody wrote True.
func found(rest []byte) string {
	if len(rest) == 0 {
		return "the end of the file"
	}
	r, size := utf8.DecodeRune(rest)
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("byte 0x%02x, which is not UTF-8", rest[0])
	}
	word := 0
	for word < len(rest) && word < 20 && isWord(rest[word]) {
		word++
	}
	return strconv.Quote(string(rest[:max(word, size)]))
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
