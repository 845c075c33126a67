package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jetpack.internal/shared/courier"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/lock"
	"jetpack.internal/shared/message"
	"jetpack.internal/shared/outbox"
)

// Flush delivers what waits in the outbox, oldest first, until it is empty,
// the server stops taking it, or the context ends. It does not believe in a
// remembered outage. When another process is at it already, Flush waits for
// it up to the time-out.
func (s *Sender) Flush(ctx context.Context) (delivered int, err error) {
	if s.box.Empty() && s.aside.Empty() && s.box.Losses().None() {
		return 0, nil
	}
	return s.flush(ctx, s.options.Timeout)
}

// flush also looks again after giving up the right to empty the box: somebody
// may have added a message and, finding us at work, gone home.
func (s *Sender) flush(ctx context.Context, wait time.Duration) (delivered int, err error) {
	for again := true; again; again = err == nil && !s.box.Empty() {
		var n int
		n, err = s.drain(ctx, wait)
		delivered += n
	}
	return delivered, err
}

func (s *Sender) drain(ctx context.Context, wait time.Duration) (delivered int, err error) {
	d, err := s.box.Drain(ctx, wait)
	if err != nil {
		return 0, busy(err)
	}
	defer d.Close()
	for {
		batch, err := d.Next(ctx)
		if err != nil {
			return delivered, err
		}
		if batch == nil {
			break
		}
		n, err := s.deliver(ctx, batch.Messages, s.setAside)
		delivered += n
		// What was delivered is off the box even when the context has ended.
		if done := d.Done(context.WithoutCancel(ctx), batch, n); err == nil {
			err = done
		}
		if err != nil {
			return delivered, err
		}
	}
	n, err := s.retryRefused(ctx)
	if err != nil {
		return delivered + n, err
	}
	return delivered + n, s.confess(ctx)
}

func busy(err error) error {
	var held *lock.HeldError
	if errors.As(err, &held) {
		return exit.Errorf(exit.Temporary, "cannot empty the outbox: another process is at it: %w", err)
	}
	return err
}

// deliver carries messages and returns how many of the first are settled.
// Those that the server refuses are settled by refused, or end the work.
func (s *Sender) deliver(ctx context.Context, messages []message.Message, refused func(context.Context, message.Message, error) error) (settled int, err error) {
	if len(messages) == 0 {
		return 0, nil
	}
	in := make(chan message.Message, len(messages))
	for _, m := range messages {
		in <- m
	}
	close(in)
	err = s.carrier.Carry(ctx, in, func(m message.Message, no error) error {
		if no != nil {
			if err := refused(ctx, m, no); err != nil {
				return err
			}
		}
		settled++
		return nil
	})
	s.learn(err)
	return settled, err
}

// setAside keeps a refused message out of the way of the others. A report is
// only refused while something is wrong with the whole server: then all stay
// in order where they are.
func (s *Sender) setAside(ctx context.Context, m message.Message, no error) error {
	var refusal *courier.Refusal
	faulty := errors.As(no, &refusal) && refusal.Bytes
	if m.Envelope && !faulty || exit.Status(no) == exit.Temporary {
		return no
	}
	return s.aside.Put(ctx, m)
}

// retryRefused tries once more one file of messages that were refused. Those
// refused again go behind the others.
func (s *Sender) retryRefused(ctx context.Context) (delivered int, err error) {
	if s.aside.Empty() {
		return 0, nil
	}
	d, err := s.aside.Drain(ctx, 0)
	if err != nil {
		return 0, busy(err)
	}
	defer d.Close()
	batch, err := d.Next(ctx)
	if err != nil || batch == nil {
		return 0, err
	}
	var again []message.Message
	settled, err := s.deliver(ctx, batch.Messages, func(_ context.Context, m message.Message, _ error) error {
		again = append(again, m)
		return nil
	})
	if len(again) > 0 {
		if err := s.aside.Put(context.WithoutCancel(ctx), again...); err != nil {
			return 0, err
		}
	}
	if done := d.Done(context.WithoutCancel(ctx), batch, settled); err == nil {
		err = done
	}
	return settled - len(again), err
}

// confess tells the server what the outbox could not keep.
func (s *Sender) confess(ctx context.Context) error {
	lost := s.box.Losses()
	if lost.None() {
		return nil
	}
	m, err := s.Message("log", lossReport(lost))
	if err != nil {
		return err
	}
	n, err := s.deliver(ctx, []message.Message{m}, func(_ context.Context, _ message.Message, no error) error { return no })
	if err != nil || n == 0 {
		return err
	}
	return s.box.Forgive(ctx, lost)
}

func lossReport(lost outbox.Losses) LogData {
	return LogData{
		Level: "error", Priority: "high",
		Message: fmt.Sprintf("the outbox of this node has lost messages since %s: %d refused because it was full, %d damaged and set aside",
			lost.Since.Format(time.RFC3339), lost.Refused, lost.Damaged),
	}
}
