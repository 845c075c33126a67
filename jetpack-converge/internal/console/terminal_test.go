package console

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		screen := NewTerminal(&out, func() error { return nil }, false)
		screen.Phase("Downloading projects")
		screen.Download(4, 1000)
		screen.Arrived(1, 500)
		time.Sleep(time.Second + tick/2)
		screen.Phase("Running cluster-init scripts")
		screen.Script("p/s/1.sh\x1b[31m")
		time.Sleep(2*time.Second + tick)
		screen.ScriptEnded("p/s/1.sh", "ok", 2*time.Second)
		screen.Quote("a\nb\x1b[0m\n")
		screen.Close()
		for _, want := range []string{
			"Downloading projects\n", " 50%  500 B of 1.0 kB  1 of 4 files  500 B/s  1.0 s",
			"1 file of 4, 500 B in 1.1 s", "p/s/1.sh [31m  2.0 s", good + " p/s/1.sh  2.0 s\n", border + " b [0m\n",
		} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%q is not in %q", want, out.String())
			}
		}
	})
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
}
