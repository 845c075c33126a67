package tree

import (
	"bytes"
	"testing"
)

// TestSkipPlain: whatever two bytes a string holds, and wherever in it they
// are, the first special one is found.
func TestSkipPlain(t *testing.T) {
	special := func(c byte) bool { return c < ' ' || c >= 0x80 || c == '"' || c == '\\' }
	for i := range 10 {
		for j := i + 1; j < 11; j++ {
			text := bytes.Repeat([]byte{'x'}, 11)
			for pair := range 1 << 16 {
				text[i], text[j] = byte(pair), byte(pair>>8)
				want := len(text)
				switch {
				case special(text[i]):
					want = i
				case special(text[j]):
					want = j
				}
				if got := skipPlain(text, 0); got != want {
					t.Fatalf("%q: %d, want %d", text, got, want)
				}
			}
		}
	}
}
