// Package courier carries messages to the server of the node: over AMQP,
// over HTTPS, or into a file where no server is configured.
package courier

import (
	"context"

	"jetpack.internal/shared/message"
)

// Courier carries messages over one connection, which it makes at the first
// one and makes anew after an error.
type Courier interface {
	// Carry delivers the messages of in, in order, until in is closed, and
	// calls done once for each that is settled, in order: with nil when the
	// server has confirmed it, or with a *Refusal when the server does not take
	// this one. An error of done ends the work. So does an error of the
	// connection: then the messages not settled were perhaps delivered and
	// perhaps not. Errors carry their exit status, which is exit.Temporary
	// where trying again can help.
	Carry(ctx context.Context, in <-chan message.Message, done Done) error
	// Check connects and logs in, finds out whether a message to the exchange
	// (nil: the default) with the key (nil: any) could be sent, and sends
	// nothing. It tells what it found in order, also beside an error.
	Check(ctx context.Context, exchange, key *string) (found []string, err error)
	// Close ends the connection.
	Close() error
}

// Early is a courier that can connect beside what its caller still has to do
// before the first message.
type Early interface {
	// Ahead begins to connect. The next Carry waits for it, and tells its error.
	Ahead(ctx context.Context)
}

// Done learns what became of a message.
type Done func(m message.Message, refused error) error

// Refusal is the server's no to one message, while others may pass.
type Refusal struct {
	Err   error // marked with its exit status
	Bytes bool  // the message itself is at fault: no server would take it
}

func (r *Refusal) Error() string { return r.Err.Error() }
func (r *Refusal) Unwrap() error { return r.Err }

// One carries a single message.
func One(ctx context.Context, c Courier, m message.Message) error {
	in := make(chan message.Message, 1)
	in <- m
	close(in)
	var refused error
	err := c.Carry(ctx, in, func(_ message.Message, err error) error {
		refused = err
		return nil
	})
	if err != nil {
		return err
	}
	return refused
}
