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
			return connecting(ctx, err)
		}
	}
	stop := context.AfterFunc(ctx, func() { a.raw.Close() })
	defer stop()
	line, err := newLine(a.conn, a.raw)
	if err != nil {
		return connecting(ctx, err)
	}
	a.line = line
	return nil
}

// connecting is the error of a connection that was not made. When time is up
// that is the reason, whatever else it has caused.
func connecting(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return &connectFault{err}
}

func (a *AMQP) open(ctx context.Context) error {
	stop := func() bool { return true }
	defer func() { stop() }()
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
			a.raw = &pipe{Conn: raw, timeout: a.timeout}
			stop = context.AfterFunc(ctx, func() { raw.Close() })
			deadline, _ := ctx.Deadline()
			return a.raw, raw.SetDeadline(deadline)
		},
	}
	if a.uri.Scheme == "amqps" {
		config.TLSClientConfig = a.tls.config(a.uri.Host)
	}
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

func newLine(conn *amqp.Connection, p *pipe) (*line, error) {
	channel, err := conn.Channel()
	if err != nil {
		return nil, err
	}
	l := &line{
		channel: channel,
		news:    gatherNews(channel),
		closed:  channel.NotifyClose(make(chan *amqp.Error, 1)),
		pipe:    p,
	}
	return l, channel.Confirm(false)
}
