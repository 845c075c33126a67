package courier

import (
	"context"
	"errors"
	"fmt"

	amqp "github.com/rabbitmq/amqp091-go"
)

// Check publishes in a transaction and rolls it back: the broker then judges
// whether the exchange is there and may be written to with this key, and
// nobody gets a message. Which queues would take it, a broker tells only of
// its default exchange, where the key names the queue.
func (a *AMQP) Check(ctx context.Context, exchange, key *string) (found []string, err error) {
	if err := a.connect(ctx); err != nil {
		return nil, a.explain(ctx, err)
	}
	defer a.Close()
	stop := a.raw.closeAfter(ctx)
	defer stop()
	found = append(found, fmt.Sprintf("connected to broker %s, logged in %s, virtual host %q", a.where(), a.who(), a.uri.Vhost))
	target := a.broker.Exchange
	if exchange != nil {
		target = *exchange
	}
	route := ""
	if key != nil {
		route = *key
	}
	channel, err := a.conn.Channel()
	if err != nil {
		return found, a.explain(ctx, &connectFault{err})
	}
	if err := rehearse(channel, target, route); err != nil {
		return found, a.fault(ctx, err)
	}
	found = append(found, fmt.Sprintf("exchange %q takes messages with routing key %q", target, route))
	if target != "" || key == nil {
		return append(found, "whether a queue is bound to it, only sending a message can tell"), nil
	}
	if channel, err = a.conn.Channel(); err != nil {
		return found, a.explain(ctx, &connectFault{err})
	}
	if _, err := channel.QueueDeclarePassive(route, false, false, false, false, nil); err != nil {
		return found, a.noQueue(ctx, target, route, err)
	}
	return append(found, fmt.Sprintf("queue %q is there", route)), nil
}

// who is the one that has logged in.
func (a *AMQP) who() string {
	if a.certified.used {
		return "by certificate"
	}
	return fmt.Sprintf("as %q", a.uri.Username)
}

// rehearse has the broker judge a message without taking it.
func rehearse(channel *amqp.Channel, exchange, key string) error {
	if exchange != "" {
		if err := channel.ExchangeDeclarePassive(exchange, "topic", true, false, false, false, nil); err != nil {
			return err
		}
	}
	if err := channel.Tx(); err != nil {
		return err
	}
	closed := channel.NotifyClose(make(chan *amqp.Error, 1))
	err := channel.Publish(exchange, key, true, false, amqp.Publishing{})
	if err == nil {
		err = channel.TxRollback()
	}
	select {
	case reason := <-closed:
		if reason != nil {
			return reason
		}
	default:
	}
	return err
}

// fault is the sentence for what a broker says of one message.
func (a *AMQP) fault(ctx context.Context, err error) error {
	var said *amqp.Error
	if errors.As(err, &said) && said.Server && ofChannel(said.Code) {
		return (&channelFault{said}).refusal()
	}
	return a.explain(ctx, err)
}

func (a *AMQP) noQueue(ctx context.Context, exchange, key string, err error) error {
	var said *amqp.Error
	switch {
	case errors.As(err, &said) && said.Code == amqp.NotFound:
		return unroutable(exchange, key)
	case errors.As(err, &said) && said.Code == amqp.ResourceLocked:
		return nil // there, and another connection's own
	}
	return a.fault(ctx, err)
}

// Check finds out whether the file could be written.
func (f *File) Check(ctx context.Context, _, _ *string) (found []string, err error) {
	if err := f.append(ctx, nil); err != nil {
		return nil, err
	}
	return []string{"no server is configured: messages are written to " + f.file.Path}, nil
}
