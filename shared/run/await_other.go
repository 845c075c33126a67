//go:build !linux

package run

import (
	"context"
	"time"
)

// awaiting waits for a child's end where the system lets only a blocked
// thread do so.
type awaiting struct{ ended chan struct{} }

// begin begins to wait: await returns when the child has ended.
func (a *awaiting) begin(await func()) {
	a.ended = make(chan struct{})
	go func() { defer close(a.ended); await() }()
}

// ends waits for the child's end, for the limit at most (0 is none) and not
// beyond ctx. It tells whether the child has ended.
func (a *awaiting) ends(ctx context.Context, limit time.Duration) bool {
	var timeout <-chan time.Time
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		timeout = timer.C
	}
	select {
	case <-a.ended:
		return true
	case <-timeout:
	case <-ctx.Done():
	}
	return false
}
