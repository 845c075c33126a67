package keepalive

import (
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"6": 6 * time.Hour, "1.5": 90 * time.Minute, "6h": 6 * time.Hour, "90s": 90 * time.Second,
		"30m": 30 * time.Minute, "2d": 48 * time.Hour, "1h30m": 90 * time.Minute, "1d2h3m4s": 26*time.Hour + 184*time.Second,
		"0h1s": time.Second, ".5h": 30 * time.Minute, "87600h": Longest, "3650d": Longest,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%q: %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestParseDurationRefuses(t *testing.T) {
	for _, text := range []string{
		"", "0", "0s", "-1h", "-6", "h", "1x", "1h1h", "30m1h", "1 h", " 1h", "1h ", "1e3h", "1..5h", ".", "3651d",
		"99999999999999999999999999d", "inf", "nan", "0x10h", "0.1s", "1h30", "١h",
	} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("%q: %s", text, got)
		}
	}
}

// The law: what is read is at least a second, at most Longest, and written and
// read again it is the same.
func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"6", "1h30m", "2d", "90s", "1.5d", "-1h", "", "1d2h3m4s", "0.0001h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDuration(text)
		if err != nil {
			return
		}
		if d < time.Second || d > Longest {
			t.Fatalf("%q: %s", text, d)
		}
		again, err := ParseDuration(FormatDuration(d))
		if err != nil || again != d {
			t.Fatalf("%q: %s, written %q, read again %s, %v", text, d, FormatDuration(d), again, err)
		}
	})
}
