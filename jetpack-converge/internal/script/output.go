package script

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const maxTail = 4096 // bytes of output that a report quotes

// openOutput opens a fresh .out file and keeps the last one as .out.1. A
// daemon of a former run that still writes keeps its own file. Appending
// lets the file be cut while it is written.
func openOutput(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	if err := os.Rename(path, path+".1"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o644)
}

// Tail is the end of a file as plain lines: whole ones where possible, and
// nothing in them that could steer a terminal.
func Tail(file *os.File) string {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	from := max(0, size-maxTail)
	text := make([]byte, size-from)
	n, _ := file.ReadAt(text, from)
	tail := string(text[:n])
	if _, whole, cut := strings.Cut(tail, "\n"); cut && from > 0 && whole != "" {
		tail = whole
	}
	return strings.TrimRight(Plain(tail), "\n")
}

// Plain is text without what could steer a terminal: control characters
// other than newline become spaces, bytes that are not UTF-8 become U+FFFD.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
