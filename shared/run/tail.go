package run

import "sync"

// Tail is a writer that keeps the last bytes written to it. It takes no more
// memory than what was written, and never more than twice its size.
type Tail struct {
	mu      sync.Mutex
	size    int
	kept    []byte
	dropped int64
}

// NewTail makes a Tail that keeps size bytes.
func NewTail(size int) *Tail { return &Tail{size: size} }

// Write keeps the end of b and never fails.
func (t *Tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(b)
	if len(b) > t.size {
		t.dropped += int64(len(b) - t.size)
		b = b[len(b)-t.size:]
	}
	if excess := len(t.kept) + len(b) - 2*t.size; excess > 0 {
		t.cut()
	}
	t.kept = append(t.kept, b...)
	return n, nil
}

// cut drops all but the last size bytes.
func (t *Tail) cut() {
	if excess := len(t.kept) - t.size; excess > 0 {
		t.dropped += int64(excess)
		t.kept = t.kept[:copy(t.kept, t.kept[excess:])]
	}
}

// String is what was kept.
func (t *Tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cut()
	return string(t.kept)
}

// Dropped is the number of bytes written before what String returns.
func (t *Tail) Dropped() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cut()
	return t.dropped
}
