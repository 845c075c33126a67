package courier

import (
	"fmt"
	"strings"

	amqp "github.com/rabbitmq/amqp091-go"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/message"
)

// channelFault is what a broker closes a channel with because of one message.
type channelFault struct{ reason *amqp.Error }

func (f *channelFault) Error() string { return text(f.reason) }

// ofChannel tells whether the code is about one message, not the connection.
func ofChannel(code int) bool {
	switch code {
	case amqp.NotFound, amqp.AccessRefused, amqp.PreconditionFailed, amqp.ContentTooLarge, amqp.NotImplemented:
		return true
	}
	return false
}

// refusal puts the fault in words of its own.
func (f *channelFault) refusal() *Refusal {
	r := f.reason
	switch {
	case r.Code == amqp.NotFound:
		return refused(exit.Usage, "exchange missing: the broker says %q", r.Reason)
	case r.Code == amqp.AccessRefused:
		return refused(exit.Usage, "not authorised: the broker says %q", r.Reason)
	case r.Code == amqp.ContentTooLarge || strings.Contains(r.Reason, "larger than"):
		no := refused(exit.Usage, "message too large: the broker says %q", r.Reason)
		no.Bytes = true
		return no
	}
	no := refused(exit.Usage, "message refused: the broker says %q", r.Reason)
	no.Bytes = true
	return no
}

func unroutable(exchange, key string) *Refusal {
	return refused(exit.No, "unroutable: no queue takes messages of exchange %q with routing key %q", exchange, key)
}

func nacked(m message.Message) *Refusal {
	return refused(exit.Temporary, "not accepted (nack): the queue for routing key %q is full or has failed", m.Key)
}

func refused(status int, format string, args ...any) *Refusal {
	return &Refusal{Err: exit.With(status, fmt.Errorf("cannot deliver: "+format, args...))}
}

func text(reason *amqp.Error) string {
	return fmt.Sprintf("the broker says %q (%d)", reason.Reason, reason.Code)
}
