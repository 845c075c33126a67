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
	returned map[string]bool   // ids of messages that came back
	blocked  string            // the broker's reason for taking nothing, "" when it does
	progress time.Time
}

// errStalled tells that the broker took too long to confirm.
var errStalled = errors.New("stalled")

// run publishes on the line until all is settled or the line breaks.
func (f *flight) run(ctx context.Context, l *line, blocked <-chan amqp.Blocking) error {
	f.returned = map[string]bool{}
	f.progress = time.Now()
	stall := time.NewTimer(f.timeout)
	defer stall.Stop()
	for {
		if f.ended && len(f.redo) == 0 && len(f.flying) == 0 {
			return nil
		}
		published, err := f.publishReady(l)
		if err == nil && !published {
			err = f.wait(ctx, l, blocked, stall)
		}
		if err != nil {
			return err
		}
	}
}

// publishReady publishes a message if one is at hand and may fly. What is
// written for it may stay with us until wait.
func (f *flight) publishReady(l *line) (published bool, err error) {
	if !f.room() {
		return false, nil
	}
	if len(f.redo) > 0 {
		m := f.redo[0]
		f.redo = f.redo[1:]
		return true, f.publish(l, m)
	}
	if f.ended {
		return false, nil
	}
	select {
	case m, open := <-f.in:
		if f.ended = !open; f.ended {
			return true, nil
		}
		return true, f.publish(l, m)
	default:
		return false, nil
	}
}

// wait waits for the next thing to happen.
func (f *flight) wait(ctx context.Context, l *line, blocked <-chan amqp.Blocking, stall *time.Timer) error {
	if err := l.pipe.uncork(); err != nil {
		return f.unpublished(l, err)
	}
	in := f.in
	if f.ended || len(f.redo) > 0 || !f.room() {
		in = nil
	}
	select {
	case <-l.news.arrived:
		return f.hear(l)
	case m, open := <-in:
		if f.ended = !open; f.ended {
			return nil
		}
		return f.publish(l, m)
	case b, open := <-blocked:
		f.blocked = ""
		if open && b.Active {
			f.blocked = b.Reason
		}
		return nil
	case <-stall.C:
		return f.checkStall(stall)
	case <-ctx.Done():
		return f.late(ctx.Err())
	}
}

func (f *flight) checkStall(stall *time.Timer) error {
	left := f.timeout - time.Since(f.progress)
	if len(f.flying) == 0 {
		left = f.timeout
	}
	if left <= 0 {
		return f.late(errStalled)
	}
	stall.Reset(left)
	return nil
}

// hear settles what the broker has told of.
func (f *flight) hear(l *line) error {
	events, ended := l.news.take()
	for _, e := range events {
		if e.back != nil {
			f.returned[e.back.MessageId] = true
			continue
		}
		if err := f.settle(e.ack); err != nil {
			return err
		}
	}
	if ended {
		return f.broken(l)
	}
	return nil
}

// room tells whether one more may fly.
func (f *flight) room() bool {
	if len(f.flying) == 0 {
		return true
	}
	return f.careful == 0 && len(f.flying) < windowCount && f.bytes < windowBytes
}

func (f *flight) publish(l *line, m message.Message) error {
	if len(f.flying) == 0 {
		f.progress = time.Now()
	}
	// Counted as flying even if it fails: it may have left all the same.
	f.flying = append(f.flying, m)
	f.bytes += len(m.Body)
	l.pipe.cork()
	if err := l.channel.Publish(f.target(m), m.Key, true, false, publishing(m)); err != nil {
		return f.unpublished(l, err)
	}
	return nil
}

// unpublished finds out why a message could not be published: the channel or
// the connection has broken, and what the broker said of it may still be on
// its way to us. Confirmations that came before are settled first.
func (f *flight) unpublished(l *line, err error) error {
	giveUp := time.After(time.Second)
	for {
		select {
		case <-l.news.arrived:
			if err := f.hear(l); err != nil {
				return err
			}
		case <-giveUp:
			return f.late(err)
		}
	}
}

// settle tells what became of the oldest message in flight.
func (f *flight) settle(ack bool) error {
	if len(f.flying) == 0 {
		return errors.New("the broker confirmed more than was sent")
	}
	f.progress = time.Now()
	m := f.flying[0]
	f.flying[0] = message.Message{} // lets go of the body
	f.flying = f.flying[1:]
	f.bytes -= len(m.Body)
	f.careful = max(0, f.careful-1)
	switch {
	case f.returned[m.ID]:
		delete(f.returned, m.ID)
		return f.tell(m, unroutable(f.target(m), m.Key))
	case !ack:
		return f.tell(m, nacked(m))
	}
	return f.tell(m, nil)
}

// target is the exchange of a message.
func (f *flight) target(m message.Message) string {
	if m.Exchange != nil {
		return *m.Exchange
	}
	return f.exchange
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
