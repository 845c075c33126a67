package courier

import (
	"context"
	"errors"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"jetpack.internal/shared/message"
)

// flight is one Carry: the messages under way, across channels.
type flight struct {
	in       <-chan message.Message
	done     Done
	exchange string
	timeout  time.Duration

	ended    bool              // in is closed
	redo     []message.Message // to be published again, before those of in
	flying   []message.Message // published and not confirmed, in order
	bytes    int               // of flying
	careful  int               // so many are to fly alone
	returned map[string]amqp.Return
	blocked  string // the broker's reason for taking nothing, "" when it does
	progress time.Time
}

// errStalled tells that the broker took too long to confirm.
var errStalled = errors.New("stalled")

// run publishes on the line until all is settled or the line breaks.
func (f *flight) run(ctx context.Context, l *line, blocked <-chan amqp.Blocking) error {
	f.returned = map[string]amqp.Return{}
	f.progress = time.Now()
	stall := time.NewTimer(f.timeout)
	defer stall.Stop()
	for {
		if f.ended && len(f.redo) == 0 && len(f.flying) == 0 {
			return nil
		}
		if len(f.redo) > 0 && f.room() {
			if err := f.publish(l, f.redo[0]); err != nil {
				return err
			}
			f.redo = f.redo[1:]
			continue
		}
		if err := f.wait(ctx, l, blocked, stall); err != nil {
			return err
		}
	}
}

// wait waits for the next thing to happen.
func (f *flight) wait(ctx context.Context, l *line, blocked <-chan amqp.Blocking, stall *time.Timer) error {
	in := f.in
	if f.ended || len(f.redo) > 0 || !f.room() {
		in = nil
	}
	select {
	case confirmation, open := <-l.confirms:
		if !open {
			return f.broken(l)
		}
		return f.settle(l, confirmation.Ack)
	case m, open := <-in:
		if !open {
			f.ended = true
			return nil
		}
		return f.publish(l, m)
	case b, open := <-blocked:
		if open {
			f.blocked = ""
			if b.Active {
				f.blocked = b.Reason
			}
		}
		return nil
	case <-stall.C:
		left := f.timeout - time.Since(f.progress)
		if len(f.flying) == 0 {
			left = f.timeout
		}
		if left <= 0 {
			return f.stalled()
		}
		stall.Reset(left)
		return nil
	case <-ctx.Done():
		return f.late(ctx.Err())
	}
}

// room tells whether one more may fly.
func (f *flight) room() bool {
	if len(f.flying) == 0 {
		return true
	}
	return f.careful == 0 && len(f.flying) < windowCount && f.bytes < windowBytes
}

func (f *flight) publish(l *line, m message.Message) error {
	exchange := f.exchange
	if m.Exchange != nil {
		exchange = *m.Exchange
	}
	if len(f.flying) == 0 {
		f.progress = time.Now()
	}
	// Counted as flying even if it fails: it may have left all the same.
	f.flying = append(f.flying, m)
	f.bytes += len(m.Body)
	if err := l.channel.Publish(exchange, m.Key, true, false, publishing(m)); err != nil {
		return f.unpublished(l, err)
	}
	return nil
}

// unpublished finds out why a message could not be published: the channel or
// the connection has broken, and what the broker said of it may still be on
// its way to us. Confirmations that came before are settled first.
func (f *flight) unpublished(l *line, err error) error {
	if !errors.Is(err, amqp.ErrClosed) && !l.channel.IsClosed() {
		return err
	}
	for {
		select {
		case confirmation, open := <-l.confirms:
			if !open {
				return f.broken(l)
			}
			if err := f.settle(l, confirmation.Ack); err != nil {
				return err
			}
		case <-time.After(time.Second):
			return err
		}
	}
}

// settle tells what became of the oldest message in flight. The broker sends
// a message back before it confirms it.
func (f *flight) settle(l *line, ack bool) error {
	if len(f.flying) == 0 {
		return errors.New("the broker confirmed more than was sent")
	}
	f.progress = time.Now()
	m := f.flying[0]
	f.flying = f.flying[1:]
	f.bytes -= len(m.Body)
	f.careful = max(0, f.careful-1)
	for range len(l.returns) {
		if back, open := <-l.returns; open {
			f.returned[back.MessageId] = back
		}
	}
	back, isBack := f.returned[m.ID]
	switch {
	case isBack:
		delete(f.returned, m.ID)
		return f.tell(m, unroutable(back))
	case !ack:
		return f.tell(m, nacked(m))
	}
	return f.tell(m, nil)
}

// stopped is an error of done.
type stopped struct{ err error }

func (s *stopped) Error() string { return s.err.Error() }

func (f *flight) tell(m message.Message, refusal *Refusal) error {
	var no error
	if refusal != nil {
		no = refusal
	}
	if err := f.done(m, no); err != nil {
		return &stopped{err}
	}
	return nil
}

// broken is the error that the line broke with.
func (f *flight) broken(l *line) error {
	select {
	case reason := <-l.closed:
		if reason != nil && reason.Server && ofChannel(reason.Code) {
			return &channelFault{reason}
		}
		if reason != nil {
			return f.late(reason)
		}
	case <-time.After(time.Second):
	}
	return f.late(amqp.ErrClosed)
}

// blame finds the message that broke the channel, or prepares to.
func (f *flight) blame(fault *channelFault) error {
	alone := len(f.flying) == 1
	f.redo = append(f.flying, f.redo...)
	f.careful, f.bytes, f.flying = len(f.flying), 0, nil
	if len(f.redo) == 0 {
		return fault
	}
	if !alone {
		return nil
	}
	culprit := f.redo[0]
	f.redo = f.redo[1:]
	f.careful = max(0, f.careful-1)
	return f.tell(culprit, fault.refusal())
}
