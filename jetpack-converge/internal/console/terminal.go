package console

import (
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	tick  = 100 * time.Millisecond // between two pictures of the live line
	width = 24                     // of the bar, characters
)

// Terminal draws on a terminal: one line that lives below those that stay.
type Terminal struct {
	out   io.Writer
	flush func() error
	color bool
	stop  chan struct{}
	done  chan struct{}

	mu    sync.Mutex
	live  func(now time.Time) string // draws the live line; nil when there is none
	shown bool
	load  load
}

// load is a download under way.
type load struct {
	files, allFiles int
	bytes, allBytes int64
	began           time.Time
}

// NewTerminal draws to out and calls flush after each picture.
func NewTerminal(out io.Writer, flush func() error, color bool) *Terminal {
	t := &Terminal{out: out, flush: flush, color: color, stop: make(chan struct{}), done: make(chan struct{})}
	go t.draw()
	return t
}

func (t *Terminal) draw() {
	defer close(t.done)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-t.stop:
			return
		case <-ticker.C:
			t.mu.Lock()
			t.redraw()
			t.mu.Unlock()
		}
	}
}

// redraw shows the live line anew. The line never wraps: a wrapped one could
// not be taken back.
func (t *Terminal) redraw() {
	if t.live == nil {
		return
	}
	fmt.Fprint(t.out, clearLine+noWrap+t.live(time.Now())+wrap)
	t.shown = true
	t.flush()
}

// print puts a line that stays above the live one.
func (t *Terminal) print(text string) {
	if t.shown {
		fmt.Fprint(t.out, clearLine)
		t.shown = false
	}
	fmt.Fprintln(t.out, text)
	t.redraw()
	t.flush()
}

// settle ends the live line.
func (t *Terminal) settle() {
	t.live = nil
	if t.shown {
		fmt.Fprint(t.out, clearLine)
		t.shown = false
	}
}

// Phase begins a part with a heading.
func (t *Terminal) Phase(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.endDownload()
	t.settle()
	t.print(t.paint(bold, OneLine(text)))
}

// Line prints a line.
func (t *Terminal) Line(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.print("  " + OneLine(fmt.Sprintf(format, args...)))
}

// Download starts the bar.
func (t *Terminal) Download(files int, bytes int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.load = load{allFiles: files, allBytes: bytes, began: time.Now()}
	if files > 0 {
		t.live = t.load.picture
	}
}

// Arrived moves the bar.
func (t *Terminal) Arrived(files int, bytes int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.load.files += files
	t.load.bytes += bytes
}

// endDownload leaves one line about a download that is over.
func (t *Terminal) endDownload() {
	if t.load.allFiles == 0 {
		return
	}
	t.settle()
	t.print("  " + t.load.summary(time.Now()))
	t.load = load{}
}

// Script begins a line whose clock runs.
func (t *Terminal) Script(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	name, began := OneLine(name), time.Now()
	t.live = func(now time.Time) string {
		return fmt.Sprintf("  %s %s  %s", spinner(now.Sub(began)), name, Duration(now.Sub(began).Truncate(tick)))
	}
}

// ScriptEnded leaves a line about it.
func (t *Terminal) ScriptEnded(name, result string, d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settle()
	mark := t.paint(green, good)
	if result != "ok" {
		mark = t.paint(red, bad)
		name += "  " + result
	}
	t.print(fmt.Sprintf("  %s %s  %s", mark, OneLine(name), t.paint(dim, Duration(d))))
}

// Quote prints the lines of a text behind a border.
func (t *Terminal) Quote(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settle()
	for _, line := range quoted(text) {
		t.print("    " + t.paint(red, border) + " " + OneLine(line))
	}
}

// Raw passes on what a program prints, without what could steer the terminal.
func (t *Terminal) Raw(text []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settle()
	fmt.Fprint(t.out, Printable(string(text)))
	t.flush()
}

// Close ends the live line.
func (t *Terminal) Close() {
	close(t.stop)
	<-t.done
	t.mu.Lock()
	defer t.mu.Unlock()
	t.endDownload()
	t.settle()
	t.flush()
}
