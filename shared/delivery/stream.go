package delivery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"jetpack.internal/shared/courier"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/message"
)

// Source gives the next message of a stream, and io.EOF after the last.
type Source func() (message.Message, error)

// Counts says how many messages of a stream were handed over, and how.
type Counts struct {
	Confirmed, Queued, Written int
	Bytes                      int64 // of all bodies
}

// Total is the number of messages handed over.
func (c Counts) Total() int { return c.Confirmed + c.Queued + c.Written }

func (c *Counts) add(o Outcome, messages ...message.Message) {
	switch o {
	case Confirmed:
		c.Confirmed += len(messages)
	case Queued:
		c.Queued += len(messages)
	case Written:
		c.Written += len(messages)
	}
	for _, m := range messages {
		c.Bytes += int64(len(m.Body))
	}
}

// Stream hands over all messages of a source, in order, many in flight at
// once, with bounded memory. When the server goes away it tries again for the
// time-out and publishes once more what was not confirmed; then messages go
// into the outbox, in batches, until the server is back. The counts are of
// the first messages of the source, also after an error: those were handed
// over, and no others. An outage that is known is not waited for. After each
// step told is called with the counts so far.
func (s *Sender) Stream(ctx context.Context, source Source, told func(Counts)) (Counts, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	st := &stream{sender: s, read: read(ctx, source), told: told, outcome: Confirmed, progress: s.now()}
	if s.Local() {
		st.outcome = Written
	}
	err := st.run(ctx)
	return st.counts, err
}

// stream is the state of one Stream.
type stream struct {
	sender   *Sender
	read     <-chan item
	outcome  Outcome // of what the courier has carried
	counts   Counts
	told     func(Counts)
	pending  pending
	ended    error // why the source gave no more, nil while it does
	progress time.Time
}

type item struct {
	m   message.Message
	err error
}

// read calls a source, which may block, beside everything else.
func read(ctx context.Context, source Source) <-chan item {
	out := make(chan item)
	go func() {
		for {
			m, err := source()
			select {
			case out <- item{m, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return out
}

func (st *stream) run(ctx context.Context) error {
	s := st.sender
	known, err := s.readiness(ctx)
	for wait := firstWait; ; {
		if err == nil {
			known = false
			before := st.counts.Total()
			if err = st.direct(ctx); err == nil {
				return st.result()
			}
			if st.counts.Total() > before {
				wait = firstWait
			}
		}
		if exit.Status(err) != exit.Temporary || ctx.Err() != nil {
			return err
		}
		if !known && s.now().Sub(st.progress)+wait < s.options.Timeout {
			pause(ctx, wait)
			wait *= 2
			err = nil
			continue
		}
		if s.options.Strict {
			return err
		}
		if err := st.queue(ctx, err); err != nil || st.ended != nil {
			return errors.Join(err, st.result())
		}
		_, err = s.flush(ctx, 0)
	}
}

// readiness is why a stream cannot go to the server at once, and whether that
// is an outage that is known: nobody waits for its end.
func (s *Sender) readiness(ctx context.Context) (known bool, err error) {
	if s.Local() || s.options.Strict {
		return false, nil
	}
	if away := s.outage.known(s.now()); away != nil {
		return true, away
	}
	if s.box.Empty() {
		return false, nil
	}
	_, err = s.flush(ctx, 0)
	return false, err
}

// firstWait is the pause before the first new attempt; it doubles.
const firstWait = 200 * time.Millisecond

// pause waits about d: many nodes that lost one server do not come back to it
// all at once.
func pause(ctx context.Context, d time.Duration) {
	d = d/2 + rand.N(d)
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

func (st *stream) result() error {
	if errors.Is(st.ended, io.EOF) {
		return nil
	}
	return st.ended
}

// direct carries what is pending and then what the source gives.
func (st *stream) direct(ctx context.Context) error {
	feeding, stop := context.WithCancel(ctx)
	in := make(chan message.Message, 64)
	fed := make(chan struct{})
	go func() {
		st.feed(feeding, in)
		close(fed)
	}()
	err := st.sender.carrier.Carry(ctx, in, func(m message.Message, no error) error {
		if no != nil {
			return no
		}
		st.pending.settle()
		st.progress = st.sender.now()
		st.counts.add(st.outcome, m)
		st.told(st.counts)
		return nil
	})
	stop()
	<-fed
	var refusal *courier.Refusal
	if !errors.As(err, &refusal) {
		st.sender.learn(err)
	}
	return err
}

// feed sends the pending messages again, and then new ones, until the source
// or the context ends.
func (st *stream) feed(ctx context.Context, in chan<- message.Message) {
	defer close(in)
	for _, m := range st.pending.all() {
		select {
		case in <- m:
		case <-ctx.Done():
			return
		}
	}
	for st.ended == nil {
		st.pending.room(ctx)
		select {
		case next := <-st.read:
			if next.err != nil {
				st.ended = next.err
				return
			}
			st.pending.add(next.m)
			select {
			case in <- next.m:
			case <-ctx.Done():
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// queue puts messages into the outbox for as long as an outage is taken for
// granted, or until the source ends.
func (st *stream) queue(ctx context.Context, why error) error {
	if err := st.put(ctx, why, st.pending.all()); err != nil {
		return err
	}
	st.pending.clear()
	over := time.After(forgetting())
	for st.ended == nil {
		batch, timeUp := st.batch(ctx, over)
		if err := st.put(ctx, why, batch); err != nil {
			return err
		}
		if timeUp || ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

func (st *stream) put(ctx context.Context, why error, messages []message.Message) error {
	if len(messages) == 0 {
		return nil
	}
	if _, err := st.sender.queue(ctx, why, messages...); err != nil {
		return err
	}
	st.counts.add(Queued, messages...)
	st.told(st.counts)
	return nil
}

// Bounds of what goes to the disk at once.
const (
	batchCount = 1000
	batchBytes = 1 << 20
)

// batch waits for one message and takes with it those that come at once.
func (st *stream) batch(ctx context.Context, over <-chan time.Time) (batch []message.Message, timeUp bool) {
	size := 0
	var soon <-chan time.Time // nil until there is something to put
	for len(batch) < batchCount && size < batchBytes {
		select {
		case next := <-st.read:
			if st.ended = next.err; next.err != nil {
				return batch, false
			}
			batch = append(batch, next.m)
			size += len(next.m.Body)
			if soon == nil {
				soon = time.After(20 * time.Millisecond)
			}
		case <-soon:
			return batch, false
		case <-over:
			return batch, true
		case <-ctx.Done():
			return batch, true
		}
	}
	return batch, false
}

// String says how many and how, for people.
func (c Counts) String() string {
	text := fmt.Sprintf("%d messages handed over", c.Total())
	if c.Queued > 0 {
		text += fmt.Sprintf(", %d of them into the outbox", c.Queued)
	}
	return text
}
