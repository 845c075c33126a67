package threads

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// Goroutines that block in the kernel find threads that are there already.
func TestKeep(t *testing.T) {
	const blocking = 20
	Keep(blocking)
	kept := count(t)
	var all sync.WaitGroup
	for range blocking {
		all.Go(func() { _ = syscall.Nanosleep(&syscall.Timespec{Nsec: 100_000_000}, nil) })
	}
	all.Wait()
	if after := count(t); kept < blocking || after > kept {
		t.Errorf("%d threads kept, then %d", kept, after)
	}
	Keep(blocking) // they are there
	if after := count(t); after > kept {
		t.Errorf("%d threads, then %d", kept, after)
	}
}

func count(t *testing.T) (threads int) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\nThreads:")
	if _, err := fmt.Sscan(rest, &threads); err != nil {
		t.Fatal(err)
	}
	return threads
}
