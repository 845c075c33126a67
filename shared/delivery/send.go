package delivery

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"jetpack.internal/shared/courier"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/message"
	"jetpack.internal/shared/outbox"
)

// Send hands one message over. While the server is known to be away it goes
// into the outbox at once; behind messages that wait already it queues up, and
// then all leave.
func (s *Sender) Send(ctx context.Context, m message.Message) (Outcome, error) {
	if s.options.Strict {
		return s.strict(ctx, m)
	}
	if s.Local() {
		return Written, s.direct(ctx, m)
	}
	if away := s.outage.known(s.now()); away != nil && s.keeps(m, away) {
		return s.queue(ctx, away, m)
	}
	if !s.box.Empty() {
		return s.behind(ctx, m)
	}
	err := s.direct(ctx, m)
	if err == nil {
		return Confirmed, nil
	}
	if !s.keeps(m, err) {
		return 0, err
	}
	return s.queue(ctx, err, m)
}

// keeps tells whether a message that could not be delivered is worth keeping.
// Raw bytes with a routing key that the server refuses are their sender's
// mistake, to be told at once; a report is kept whatever is wrong with the
// server, unless no server could ever take it.
func (s *Sender) keeps(m message.Message, err error) bool {
	var refusal *courier.Refusal
	if errors.As(err, &refusal) && refusal.Bytes {
		return false
	}
	return m.Envelope || exit.Status(err) == exit.Temporary
}

func (s *Sender) strict(ctx context.Context, m message.Message) (Outcome, error) {
	if err := s.direct(ctx, m); err != nil {
		return 0, err
	}
	if s.Local() {
		return Written, nil
	}
	return Confirmed, nil
}

// direct delivers a message now, within the time-out.
func (s *Sender) direct(ctx context.Context, m message.Message) error {
	ctx, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	err := courier.One(ctx, s.carrier, m)
	s.learn(err)
	return err
}

// learn remembers whether the server is away.
func (s *Sender) learn(err error) {
	var refusal *courier.Refusal
	switch {
	case s.Local(), errors.As(err, &refusal):
	case err == nil:
		s.outage.over()
	default:
		s.outage.begin(s.now(), err)
	}
}

// queue puts a message into the outbox because of why.
func (s *Sender) queue(ctx context.Context, why error, messages ...message.Message) (Outcome, error) {
	err := s.box.Put(ctx, messages...)
	s.count(ctx, err, len(messages))
	if errors.Is(err, fs.ErrPermission) {
		err = exit.Errorf(exit.Temporary, "%w (and this user cannot keep the message in %s)", why, s.home.Run("outbox"))
		return 0, exit.Hint(err, "try again later, or as root")
	}
	if err != nil {
		return 0, exit.With(exit.Temporary, fmt.Errorf("%w (and cannot keep the message: %w)", why, err))
	}
	return Queued, nil
}

// behind puts the message behind those that wait and tries to deliver all: at
// once where the box is full, for a server that is back makes room. A user who
// may not do that waits for nobody.
func (s *Sender) behind(ctx context.Context, m message.Message) (Outcome, error) {
	bounded, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	err := s.box.Put(ctx, m)
	if full := new(outbox.FullError); errors.As(err, &full) {
		_, _ = s.flush(bounded, 0) // whatever it says, there may be room now
		err = s.box.Put(ctx, m)
		s.count(ctx, err, 1)
	}
	if errors.Is(err, fs.ErrPermission) {
		return s.strict(ctx, m)
	}
	if err != nil {
		return 0, exit.With(exit.Temporary, fmt.Errorf("cannot keep the message: %w", err))
	}
	if _, err := s.flush(bounded, 0); err == nil && s.box.Empty() {
		return Confirmed, nil
	}
	return Queued, nil
}

// count counts messages that err, of the outbox, says are lost. The caller is
// told of them anyhow; that the count may fail is no reason to fail twice.
func (s *Sender) count(ctx context.Context, err error, messages int) {
	if full := new(outbox.FullError); errors.As(err, &full) {
		_ = s.box.Lose(ctx, messages)
	}
}
