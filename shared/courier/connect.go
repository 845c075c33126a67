package courier

import (
	"context"
	"net"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"jetpack.internal/shared/version"
)

// heartbeat is how often broker and node make sure of each other. A peer
// that is silent for three of them is gone.
const heartbeat = 10 * time.Second

// connect makes the connection and the channel that are missing.
func (a *AMQP) connect(ctx context.Context) error {
	if a.conn != nil && !a.conn.IsClosed() && a.line != nil && !a.line.channel.IsClosed() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	if a.conn == nil || a.conn.IsClosed() {
		a.drop()
		if err := a.open(ctx); err != nil {
			return &connectFault{err}
		}
	}
	stop := context.AfterFunc(ctx, func() { a.raw.Close() })
	defer stop()
	line, err := newLine(a.conn)
	if err != nil {
		return &connectFault{err}
	}
	a.line = line
	return nil
}

func (a *AMQP) open(ctx context.Context) error {
	config := amqp.Config{
		Heartbeat:  heartbeat,
		ChannelMax: 16,
		Properties: amqp.Table{"product": "jetpack", "version": version.String(), "platform": "Go"},
		SASL:       a.login(),
		Dial: func(network, address string) (net.Conn, error) {
			var d net.Dialer
			raw, err := d.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			a.raw = &guarded{raw, a.timeout}
			deadline, _ := ctx.Deadline()
			return a.raw, raw.SetDeadline(deadline)
		},
	}
	if a.uri.Scheme == "amqps" {
		config.TLSClientConfig = a.tls.config(a.uri.Host)
	}
	stop := context.AfterFunc(ctx, func() {
		if a.raw != nil {
			a.raw.Close()
		}
	})
	defer stop()
	conn, err := amqp.DialConfig(a.broker.URL, config)
	if err != nil {
		return err
	}
	a.conn = conn
	a.blocked = conn.NotifyBlocked(make(chan amqp.Blocking, 16))
	return nil
}

// login is by user name and password; a node that has a certificate and no
// user name logs in by the certificate where the broker knows how.
func (a *AMQP) login() []amqp.Authentication {
	plain := a.uri.PlainAuth()
	if a.tls.hasCertificate() && !hasUser(a.broker.URL) {
		return []amqp.Authentication{&amqp.ExternalAuth{}, plain}
	}
	return []amqp.Authentication{plain}
}

func newLine(conn *amqp.Connection) (*line, error) {
	channel, err := conn.Channel()
	if err != nil {
		return nil, err
	}
	// The buffers hold all that a full window can cause, so that the library
	// never waits for us.
	l := &line{
		channel:  channel,
		confirms: channel.NotifyPublish(make(chan amqp.Confirmation, windowCount)),
		returns:  channel.NotifyReturn(make(chan amqp.Return, windowCount)),
		closed:   channel.NotifyClose(make(chan *amqp.Error, 1)),
	}
	return l, channel.Confirm(false)
}

// guarded is a connection on which no write waits for ever: a broker whose
// alarm is on stops reading.
type guarded struct {
	net.Conn
	timeout time.Duration
}

func (g *guarded) Write(data []byte) (int, error) {
	if err := g.SetWriteDeadline(time.Now().Add(g.timeout)); err != nil {
		return 0, err
	}
	return g.Conn.Write(data)
}
