package console

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// drawn is what a terminal of so many columns gets to see of a converge.
func drawn(columns int) string {
	var out strings.Builder
	screen := NewTerminal(&out, func() error { return nil }, false, func() int { return columns })
	screen.Phase("Downloading projects")
	screen.Download(4, 1000)
	screen.Arrived(1, 500)
	time.Sleep(time.Second + tick/2)
	screen.Phase("Running cluster-init scripts")
	screen.Script("p/s/1.sh\x1b[31m")
	time.Sleep(2*time.Second + tick)
	screen.ScriptEnded("p/s/1.sh", "ok", 2*time.Second)
	screen.Script(strings.Repeat("long/", 40) + "2.sh")
	time.Sleep(2 * tick)
	screen.ScriptEnded("p/s/2.sh", "failed", time.Second)
	text := strings.Repeat("line\n", 20) + strings.Repeat("very long ", 30) + "\na\nb\x1b[0m\n"
	screen.Quote(text)
	screen.Close()
	return out.String()
}

func TestTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := drawn(80)
		for _, want := range []string{
			"Downloading projects\n", " 50%    500 B of 1.0 kB  1 of 4 files     500 B/s   1.0 s",
			"1 file of 4, 500 B in 1.1 s", "p/s/1.sh [31m", "2.0 s" + wrap, good + " p/s/1.sh  ", " 2.0 s\n", "p/s/2.sh  failed",
			border + " (13 lines before)\n", border + " b [0m\n",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("%q is not in %q", want, out)
			}
		}
		if n := strings.Count(out, border+" line\n"); n != 7 {
			t.Errorf("%d of the quotation's first lines, want 7", n)
		}
	})
}

// TestTerminalFits: no live line and no quotation is wider than the terminal,
// and the clock is always seen.
func TestTerminalFits(t *testing.T) {
	for _, columns := range []int{200, 80, 60, 40, 20, 10} {
		synctest.Test(t, func(t *testing.T) {
			for _, line := range strings.FieldsFunc(drawn(columns), func(r rune) bool { return r == '\n' || r == '\r' }) {
				live, isLive := strings.CutPrefix(line, clearLine[1:]+noWrap)
				live = strings.TrimSuffix(live, wrap)
				if isLive || strings.Contains(line, border+" very") {
					if width := utf8.RuneCountInString(strings.TrimPrefix(live, clearLine[1:])); width > max(columns, 20) {
						t.Errorf("%d columns: a line of %d: %q", columns, width, line)
					}
				}
				if isLive && columns >= 20 && strings.Contains(live, "ng/") && !strings.HasSuffix(live, " ms") {
					t.Errorf("%d columns: no clock in %q", columns, live)
				}
			}
		})
	}
}

func TestShorten(t *testing.T) {
	for _, width := range []int{3, 4, 9, 10, 11} {
		text := "0123456789"
		got := shorten(text, width)
		if n := utf8.RuneCountInString(got); n != min(width, 10) || got[0] != '0' || got[len(got)-1] != '9' || (got == text) != (width >= 10) {
			t.Errorf("%d: %q", width, got)
		}
	}
}

func TestFormat(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ms", 999 * time.Millisecond: "999 ms", 1500 * time.Millisecond: "1.5 s", 61 * time.Second: "1 m 01 s", 25 * time.Hour: "25 h 00 m",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1500: "1.5 kB", 2_500_000: "2.5 MB", 3_000_000_000: "3.00 GB"} {
		if got := Size(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := fmt.Sprint(quoted("")); got != "[]" {
		t.Errorf("nothing quoted is %s", got)
	}
}
