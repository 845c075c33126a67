package courier

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"strings"
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
	stop := a.raw.closeAfter(ctx)
	defer stop()
	line, err := newLine(a.conn, a.raw)
	if err != nil {
		return connecting(ctx, err)
	}
	a.line = line
	return nil
}

// connecting is the error of a connection that was not made. When time is up
// that is the reason, whatever else it has caused but the want of an address.
func connecting(ctx context.Context, err error) error {
	var name *net.DNSError
	if ctx.Err() != nil && !errors.As(err, &name) {
		err = ctx.Err()
	}
	return &connectFault{err}
}

func (a *AMQP) open(ctx context.Context) error {
	config := amqp.Config{
		Heartbeat:  heartbeat,
		ChannelMax: 16,
		Properties: amqp.Table{"product": "jetpack", "version": version.String(), "platform": "Go"},
		SASL:       a.login(),
		Dial:       func(string, string) (net.Conn, error) { return a.raw, nil },
	}
	var err error
	if a.raw, err = a.dial(ctx); err != nil {
		return err
	}
	stop := a.raw.closeAfter(ctx)
	defer stop()
	_, rest, _ := strings.Cut(a.broker.URL, "://")
	conn, err := amqp.DialConfig("amqp://"+rest, config) // TLS is made already
	if err != nil {
		return a.reason(ctx, err)
	}
	a.conn = conn
	a.blocked = conn.NotifyBlocked(make(chan amqp.Blocking, 16))
	return nil
}

// dial makes the connection below the protocol. TLS is made here and not by
// the library, so that its errors come to us as they are.
func (a *AMQP) dial(ctx context.Context) (*pipe, error) {
	var d net.Dialer
	raw, err := d.DialContext(ctx, "tcp", a.where())
	if err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline()
	if err := raw.SetDeadline(deadline); err != nil {
		raw.Close()
		return nil, err
	}
	if a.uri.Scheme != "amqps" {
		return newPipe(raw, raw, a.timeout), nil
	}
	secure := tls.Client(raw, a.tls.config(a.uri.Host))
	if err := secure.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	return newPipe(secure, raw, a.timeout), nil
}

// reason is why the broker has not let us in. The library takes any end of the
// connection after our password for a refusal of it, and forgets what was read
// where a write has failed as well.
func (a *AMQP) reason(ctx context.Context, err error) error {
	var said *amqp.Error
	if errors.As(err, &said) && said.Server {
		return err
	}
	read := a.raw.heard()
	switch {
	case read != nil && (refusesCertificate(read) || errors.Is(read, os.ErrDeadlineExceeded)):
		return read
	case !errors.Is(err, amqp.ErrCredentials) && !errors.Is(err, amqp.ErrVhost):
		return err
	}
	// A broker that goes away at this moment looks the same as one that refuses;
	// but then nobody is there any more.
	again, gone := a.dial(ctx)
	if gone != nil {
		return gone
	}
	again.Close()
	return err
}

// login is by user name and password; a node that has a certificate and no
// user name logs in by the certificate where the broker knows how.
func (a *AMQP) login() []amqp.Authentication {
	plain := a.uri.PlainAuth()
	a.certified.used = false
	if a.tls.hasCertificate() && !hasUser(a.broker.URL) {
		return []amqp.Authentication{&a.certified, plain}
	}
	return []amqp.Authentication{plain}
}

// certified is the login by certificate. It knows whether the broker took it.
type certified struct {
	amqp.ExternalAuth
	used bool
}

// Response is asked for when the broker offers this way to log in.
func (c *certified) Response() string {
	c.used = true
	return c.ExternalAuth.Response()
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
