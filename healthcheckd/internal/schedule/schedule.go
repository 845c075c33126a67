// Package schedule tells when rounds begin, by a clock that no one can set.
package schedule

import (
	"context"
	"hash/fnv"
	"time"

	"jetpack.internal/shared/boot"
)

// Beat is the longest the loop usually sleeps: then the outbox gets its turn, the
// service manager its sign of life, and a machine that was suspended finds
// that it is late.
const Beat = time.Minute

// Loop calls Round at once and then once in every interval. Rounds never
// overlap, and those that were missed are not made up for.
type Loop struct {
	Now     func() boot.Moment
	Seed    string        // the node, so that its place in the interval is its own
	Beat    time.Duration // a shorter beat; 0 is Beat
	Round   func(ctx context.Context) (interval time.Duration)
	Planned func(next boot.Moment)    // told after each round
	Idle    func(ctx context.Context) // once in a beat, never beside a round
	Alive   func()                    // once in a beat, whatever goes on
}

func (l *Loop) beat() time.Duration {
	if l.Beat <= 0 {
		return Beat
	}
	return min(l.Beat, Beat)
}

// Run loops until ctx ends.
func (l *Loop) Run(ctx context.Context) {
	for ctx.Err() == nil {
		interval := l.round(ctx)
		if ctx.Err() != nil {
			return
		}
		now := l.Now()
		next := now
		next.Up = Next(now.Up, interval, Offset(l.Seed, interval))
		next.Wall = now.Wall.Add(next.Up - now.Up)
		l.Planned(next)
		l.wait(ctx, next.Up)
	}
}

// round makes a round and shows signs of life meanwhile.
func (l *Loop) round(ctx context.Context) (interval time.Duration) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		interval = l.Round(ctx)
	}()
	beat := time.NewTicker(l.beat())
	defer beat.Stop()
	l.Alive()
	for {
		select {
		case <-done:
			return interval
		case <-beat.C:
			l.Alive()
		}
	}
}

// wait waits until the machine has been up for as long as due.
func (l *Loop) wait(ctx context.Context, due time.Duration) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	for {
		l.Alive()
		left := due - l.Now().Up
		if left <= 0 {
			return
		}
		timer.Reset(min(left, l.beat()))
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if due > l.Now().Up {
			l.Idle(ctx)
		}
	}
}

// Next is the first moment, in time since boot, that lies offset behind a
// multiple of the interval and a quarter of the interval or more after now.
func Next(now, interval, offset time.Duration) time.Duration {
	next := now - (now-offset)%interval
	for next < now+interval/4 {
		next += interval
	}
	return next
}

// Offset is a node's own place in an interval: always the same, and spread
// over nodes.
func Offset(seed string, interval time.Duration) time.Duration {
	hash := fnv.New64a()
	hash.Write([]byte(seed))
	return time.Duration(hash.Sum64() % uint64(interval))
}
