package console

import (
	"fmt"
	"strings"
	"time"
)

// The terminal's own language, as ECMA-48 has it.
const (
	clearLine = "\r\x1b[K"
	noWrap    = "\x1b[?7l"
	wrap      = "\x1b[?7h"

	bold  = "1"
	dim   = "2"
	red   = "31"
	green = "32"
)

func (t *Terminal) paint(style, text string) string {
	if !t.color {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

// picture is the bar of a download.
func (l *load) picture(now time.Time) string {
	share := 1.0
	if l.allBytes > 0 {
		share = min(1, max(0, float64(l.bytes)/float64(l.allBytes)))
	}
	full := int(share * width)
	return fmt.Sprintf("  %s%s %3d%%  %s of %s  %d of %d files  %s/s  %s",
		strings.Repeat(filled, full), strings.Repeat(empty, width-full), int(100*share),
		Size(max(0, l.bytes)), Size(l.allBytes), l.files, l.allFiles, Size(l.rate(now)), Duration(now.Sub(l.began).Truncate(tick)))
}

func (l *load) rate(now time.Time) int64 {
	seconds := now.Sub(l.began).Seconds()
	if seconds < 0.05 {
		return 0
	}
	return int64(float64(max(0, l.bytes)) / seconds)
}

func (l *load) summary(now time.Time) string {
	return fmt.Sprintf("%s of %d, %s in %s (%s/s)", count(l.files, "file"), l.allFiles, Size(max(0, l.bytes)), Duration(now.Sub(l.began)), Size(l.rate(now)))
}

func spinner(elapsed time.Duration) string { return frame(int(elapsed / tick)) }
