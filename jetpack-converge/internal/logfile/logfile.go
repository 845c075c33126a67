// Package logfile is logs/jetpack.log: one line an event, never more on the
// disk than its bound.
package logfile

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

const (
	maxSize = 10 << 20 // bytes of one file
	keep    = 4        // older files beside it
)

// Handler writes lines `2006-01-02 15:04:05,000 LEVEL    text`, local time.
// Every line is one write to a file opened for appending, so that several
// programs can share it.
type Handler struct {
	path  string
	level slog.Level
	attrs []slog.Attr
	mu    *sync.Mutex
}

// New makes a handler for the file at path.
func New(path string, level slog.Level) *Handler {
	return &Handler{path: path, level: level, mu: new(sync.Mutex)}
}

// Enabled tells whether lines of that level are written.
func (h *Handler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// WithAttrs is the handler with attributes on every line.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	copied := *h
	copied.attrs = append(append([]slog.Attr{}, h.attrs...), attrs...)
	return &copied
}

// WithGroup has no meaning for this form of lines.
func (h *Handler) WithGroup(string) slog.Handler { return h }

// Handle writes one line; control characters in it become escapes.
func (h *Handler) Handle(_ context.Context, record slog.Record) error {
	var b strings.Builder
	b.WriteString(record.Time.Format("2006-01-02 15:04:05,000"))
	fmt.Fprintf(&b, " %-8s %s", name(record.Level), record.Message)
	write := func(a slog.Attr) bool {
		fmt.Fprintf(&b, " %s=%s", a.Key, a.Value)
		return true
	}
	for _, a := range h.attrs {
		write(a)
	}
	record.Attrs(write)
	return h.append(oneLine(b.String()) + "\n")
}

func name(level slog.Level) string {
	if level == slog.LevelWarn {
		return "WARNING"
	}
	return level.String()
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

func (h *Handler) append(line string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if info, err := os.Stat(h.path); err == nil && info.Size() > maxSize {
		h.rotate()
	}
	if err := os.MkdirAll(filepath.Dir(h.path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(h.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteString(line)
	return err
}

// rotate moves the files one number up. Two programs that do so at once lose
// the oldest lines at worst.
func (h *Handler) rotate() {
	numbered := func(n int) string { return fmt.Sprintf("%s.%d", h.path, n) }
	for n := keep; n > 1; n-- {
		os.Rename(numbered(n-1), numbered(n))
	}
	os.Rename(h.path, numbered(1))
}

// Lines logs each line of a text on a line of its own, marked as quoted, so
// that no quoted text can pass for a log line.
func Lines(log *slog.Logger, level slog.Level, text string) {
	for line := range strings.Lines(text) {
		log.Log(context.Background(), level, "  | "+strings.TrimRight(line, "\n"))
	}
}
