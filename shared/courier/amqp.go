package courier

import (
	"context"
	"strconv"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"jetpack.internal/shared/message"
)

// AMQP is the courier to a broker: every message mandatory and confirmed,
// many in flight at once.
type AMQP struct {
	broker  Broker
	uri     amqp.URI
	tls     *tlsFiles
	timeout time.Duration
	conn    *amqp.Connection // nil when not connected
	raw     *pipe
	blocked chan amqp.Blocking
	line    *line
	ahead   *ahead // not nil while connecting beside the caller

	certified certified
}

// The window of messages in flight. A broker may confirm only five times a
// second when it is busy: the count makes that enough for 50,000 messages a
// second, the bytes keep it small on a small machine.
const (
	windowCount = 10_000
	windowBytes = 8 << 20
)

// line is a channel of the connection. A fault of one message closes it.
type line struct {
	channel *amqp.Channel
	news    *news
	closed  chan *amqp.Error
	pipe    *pipe
}

func newAMQP(b Broker, timeout time.Duration) (*AMQP, error) {
	if err := checkScheme("broker.url", b.URL, "amqps", "amqp"); err != nil {
		return nil, err
	}
	uri, err := amqp.ParseURI(b.URL)
	if err != nil {
		return nil, badAddress("broker.url", "amqps")
	}
	files, err := readTLS(b)
	if err != nil {
		return nil, err
	}
	return &AMQP{broker: b, uri: uri, tls: files, timeout: timeout}, nil
}

// Carry publishes with many messages in flight. Where a message breaks the
// channel, those in flight are published again one at a time, so that the
// refusal meets the right one.
func (a *AMQP) Carry(ctx context.Context, in <-chan message.Message, done Done) error {
	f := &flight{in: in, done: done, exchange: a.broker.Exchange, timeout: a.timeout}
	for {
		err := a.carry(ctx, f)
		if fault, ok := err.(*channelFault); ok {
			err = f.blame(fault)
			if err == nil {
				continue
			}
		}
		switch err := err.(type) {
		case nil:
			return nil
		case *stopped: // with confirmations under way that nobody wants
			a.Close()
			return err.err
		}
		a.drop()
		return a.explain(ctx, err)
	}
}

func (a *AMQP) carry(ctx context.Context, f *flight) error {
	if err := a.arrive(); err != nil {
		return err
	}
	if err := a.connect(ctx); err != nil {
		return err
	}
	stop := a.raw.closeAfter(ctx)
	defer stop()
	return f.run(ctx, a.line, a.blocked)
}

// Close says goodbye to the broker, and does not wait for its answer.
func (a *AMQP) Close() error {
	if a.ahead != nil {
		a.ahead.stop()
		_ = a.arrive() // nobody wants it any more
	}
	if a.conn != nil && !a.conn.IsClosed() {
		conn, deadline := a.conn, time.Now().Add(time.Second)
		said := a.raw.nextWrite()
		go func() { _ = conn.CloseDeadline(deadline) }()
		select {
		case <-said:
		case <-time.After(time.Until(deadline)):
		}
	}
	a.drop()
	return nil
}

func (a *AMQP) drop() {
	if a.raw != nil {
		a.raw.Close()
	}
	a.conn, a.raw, a.line, a.blocked = nil, nil, nil, nil
}

func publishing(m message.Message) amqp.Publishing {
	p := amqp.Publishing{
		DeliveryMode: amqp.Persistent,
		MessageId:    m.ID,
		Timestamp:    m.Time,
		Type:         m.Type,
		AppId:        "jetpack",
		ContentType:  m.ContentType,
		ReplyTo:      m.ReplyTo,
		Priority:     m.Priority,
		Body:         m.Body,
	}
	if m.Transient {
		p.DeliveryMode = amqp.Transient
	}
	if m.Expiration > 0 {
		p.Expiration = strconv.FormatInt(m.Expiration.Milliseconds(), 10)
	}
	if len(m.Headers) > 0 {
		p.Headers = amqp.Table{}
		for k, v := range m.Headers {
			p.Headers[k] = v
		}
	}
	return p
}
