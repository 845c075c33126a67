package run

import (
	"strings"
	"testing"
)

// The law of Tail: whatever the cuts, what is kept is the end of what was
// written, and kept and dropped make the whole.
func FuzzTail(f *testing.F) {
	f.Add(3, 2, "abcdefgh")
	f.Add(1, 5, "hello, world")
	f.Add(8, 1, "")
	f.Fuzz(func(t *testing.T, size, step int, text string) {
		size, step = max(1, size%1000), max(1, step%100)
		tail := NewTail(size)
		for rest := text; rest != ""; rest = rest[min(step, len(rest)):] {
			tail.Write([]byte(rest[:min(step, len(rest))]))
		}
		got := tail.String()
		if !strings.HasSuffix(text, got) || len(got) != min(size, len(text)) {
			t.Fatalf("kept %q of %q with size %d", got, text, size)
		}
		if int(tail.Dropped())+len(got) != len(text) {
			t.Fatalf("dropped %d and kept %d of %d", tail.Dropped(), len(got), len(text))
		}
	})
}

func TestTailMemory(t *testing.T) {
	tail := NewTail(1000)
	for range 100_000 {
		tail.Write([]byte("0123456789"))
	}
	if c := cap(tail.kept); c > 4000 {
		t.Errorf("capacity %d", c)
	}
}
