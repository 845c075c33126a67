package main

import (
	"fmt"
	"time"

	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/delivery"
)

// progress shows on a terminal how a long stream gets on.
type progress struct {
	io      cli.IO
	watched bool
	calls   int
	start   time.Time
	last    time.Time
	shown   bool
}

// every is how often the line changes, and how long a stream must last to be
// worth one.
const every = 500 * time.Millisecond

func newProgress(io cli.IO) *progress {
	now := time.Now()
	return &progress{io: io, watched: io.ErrTerminal(), start: now, last: now}
}

func (p *progress) tell(c delivery.Counts) {
	if p.calls++; !p.watched || p.calls%64 != 0 && c.Queued == 0 {
		return
	}
	now := time.Now()
	if now.Sub(p.last) < every {
		return
	}
	p.last, p.shown = now, true
	seconds := now.Sub(p.start).Seconds()
	fmt.Fprintf(p.io.Err, "\r\x1b[K%v, %.0f/s, %.1f MB", c, float64(c.Total())/seconds, float64(c.Bytes)/1e6)
}

func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.io.Err, "\r\x1b[K")
	}
}
