package console

import (
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	tick      = 100 * time.Millisecond // between two pictures of the live line
	mostLines = 10                     // of a quotation: the rest of the screen is for what explains it
)

// Terminal draws on a terminal: one line that lives below those that stay.
type Terminal struct {
	out     io.Writer
	flush   func() error
	color   bool
	columns func() int
	stop    chan struct{}
	done    chan struct{}

	mu    sync.Mutex
	live  func(now time.Time, columns int) string // draws the live line; nil when there is none
	shown bool
	load  load
}

// load is a download under way.
type load struct {
	files, allFiles int
	bytes, allBytes int64
	began           time.Time
}

// NewTerminal draws to out, which is as wide as columns says each time, and
// calls flush after each picture.
func NewTerminal(out io.Writer, flush func() error, color bool, columns func() int) *Terminal {
	t := &Terminal{out: out, flush: flush, color: color, columns: columns, stop: make(chan struct{}), done: make(chan struct{})}
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
	fmt.Fprint(t.out, clearLine+noWrap+t.live(time.Now(), t.columns())+wrap)
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

// Busy shows what is done, once that takes a while.
func (t *Terminal) Busy(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.endDownload()
	t.settle()
	t.watch(text)
}

// watch draws a clock that runs beside a text.
func (t *Terminal) watch(text string) {
	text, began := OneLine(text), time.Now()
	t.live = func(now time.Time, columns int) string {
		elapsed := now.Sub(began)
		clock := Duration(elapsed.Truncate(tick))
		return fmt.Sprintf("  %s %s  %s", spinner(elapsed), column(shorten(text, columns-len("  x   ")-len(clock)-1), columns), clock)
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
	t.watch(name)
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
	t.print(fmt.Sprintf("  %s %s  %s", mark, column(OneLine(name), t.columns()), t.paint(dim, Duration(d))))
}

// Quote prints the last lines of a text behind a border.
func (t *Terminal) Quote(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.settle()
	lines := quoted(text)
	if hidden := len(lines) - mostLines; hidden > 1 {
		t.print("    " + t.paint(red, border) + " " + t.paint(dim, fmt.Sprintf("(%d lines before)", hidden)))
		lines = lines[hidden:]
	}
	for _, line := range lines {
		t.print("    " + t.paint(red, border) + " " + shorten(OneLine(line), t.columns()-len("    x ")-1))
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
