package delivery

import (
	"context"
	"fmt"

	"jetpack.internal/shared/message"
	"jetpack.internal/shared/outbox"
)

// Waiting is a message in the outbox.
type Waiting struct {
	Message message.Message
	Refused bool // the server has refused it; it is tried again at each flush
}

// Pending calls each with every message of the outbox, oldest first, and
// returns how many damaged records it met.
func (s *Sender) Pending(ctx context.Context, each func(Waiting) error) (damaged int, err error) {
	for _, box := range []*outbox.Box{s.box, s.aside} {
		n, err := box.Pending(ctx, func(m message.Message) error { return each(Waiting{m, box == s.aside}) })
		damaged += n
		if err != nil {
			return damaged, fmt.Errorf("cannot list the outbox: %w", err)
		}
	}
	return damaged, nil
}

// Check connects, logs in and finds out whether a message to the exchange
// (nil: the configured one) with the key (nil: any) could be sent, and sends
// nothing. It tells what it found in order, one thing a line.
func (s *Sender) Check(ctx context.Context, exchange, key *string) (found []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	return s.carrier.Check(ctx, exchange, key)
}
