package console

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
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

const (
	longestBar  = 30 // characters
	shortestBar = 8
	nameColumn  = 60 // characters for a script's name, so that the times are below each other
)

// picture is the bar of a download, with as much beside it as there is room.
func (l *load) picture(now time.Time, columns int) string {
	share := 1.0
	if l.allBytes > 0 {
		share = min(1, max(0, float64(l.bytes)/float64(l.allBytes)))
	}
	// Each at its full width, so that nothing jumps to and fro.
	rate := fmt.Sprintf("%10s", Size(l.rate(now))+"/s")
	elapsed := fmt.Sprintf("%6s", Duration(now.Sub(l.began).Truncate(tick)))
	bytes := fmt.Sprintf("%3d%% %8s of %s", int(100*share), Size(max(0, l.bytes)), Size(l.allBytes))
	files := fmt.Sprintf("%*d of %d files", len(fmt.Sprint(l.allFiles)), l.files, l.allFiles)
	for _, text := range []string{
		strings.Join([]string{bytes, files, rate, elapsed}, "  "),
		strings.Join([]string{bytes, files, rate}, "  "),
		strings.Join([]string{bytes, rate}, "  "),
	} {
		if room := columns - len(text) - len("    "); room >= shortestBar {
			return "  " + bar(share, min(room, longestBar)) + " " + text
		}
	}
	return "  " + shorten(bytes, columns-len("   "))
}

func bar(share float64, width int) string {
	full := int(share * float64(width))
	return strings.Repeat(filled, full) + strings.Repeat(empty, width-full)
}

// column pads a name so that what follows stands below what follows others,
// where the terminal is wide enough.
func column(name string, columns int) string {
	return name + strings.Repeat(" ", max(0, min(nameColumn, columns-20)-utf8.RuneCountInString(name)))
}

// shorten takes out of a text's middle what is more than width characters.
func shorten(text string, width int) string {
	runes := []rune(text)
	if width = max(width, 3); len(runes) <= width {
		return text
	}
	end := (width - 1) / 2
	return string(runes[:width-1-end]) + ellipsis + string(runes[len(runes)-end:])
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
