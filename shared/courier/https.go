package courier

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/message"
)

// HTTPS is the courier to a server that takes messages by POST, as
// CycleCloud 8 and later do.
type HTTPS struct {
	connection Connection
	id         func() message.Identity
	address    string // of the messages
	host       string
	client     *http.Client
	timeout    time.Duration
	pause      time.Duration // before the first new attempt
}

// The pause before a new attempt doubles from the first to the last.
const (
	firstPause = 5 * time.Second
	doublings  = 3
)

// messagesPath is where the server takes messages, below its own address.
const messagesPath = "/clusterlink/messages"

func newHTTPS(c Connection, o Options) (*HTTPS, error) {
	if err := checkScheme("url", c.URL, "https"); err != nil {
		return nil, err
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, badAddress("url", "https")
	}
	files, err := readTLS(Broker{CAFile: c.CAFile})
	if err != nil {
		return nil, err
	}
	if password, has := u.User.Password(); has && c.Password == "" {
		c.Username, c.Password = u.User.Username(), password
	}
	u.User = nil
	return &HTTPS{
		connection: c, id: o.Identity, timeout: o.Timeout, pause: firstPause, host: u.Host,
		address: strings.TrimSuffix(u.String(), "/") + messagesPath,
		client: &http.Client{
			Transport: &http.Transport{
				Proxy:                  http.ProxyFromEnvironment,
				OnProxyConnectResponse: judgeProxy,
				TLSClientConfig:        files.config(u.Hostname()),
				TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP/1.1 will do
				MaxResponseHeaderBytes: 64 << 10,
				IdleConnTimeout:        time.Minute,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Carry posts what is there at once as one batch. A batch that the server
// refuses is cut in halves, so that the refusal meets the right message.
func (h *HTTPS) Carry(ctx context.Context, in <-chan message.Message, done Done) error {
	for {
		batch := gather(ctx, in)
		if len(batch) == 0 {
			if ctx.Err() != nil {
				return exit.Errorf(exit.Temporary, "cannot deliver: no answer from server %s in time", h.host)
			}
			return nil
		}
		if err := h.deliver(ctx, batch, done); err != nil {
			return err
		}
	}
}

func (h *HTTPS) deliver(ctx context.Context, batch []message.Message, done Done) error {
	err := h.persist(ctx, batch)
	var no *Refusal
	if errors.As(err, &no) && len(batch) > 1 {
		half := len(batch) / 2
		if err := h.deliver(ctx, batch[:half], done); err != nil {
			return err
		}
		return h.deliver(ctx, batch[half:], done)
	}
	if no != nil {
		return done(batch[0], no)
	}
	if err != nil {
		return err
	}
	for _, m := range batch {
		if err := done(m, nil); err != nil {
			return err
		}
	}
	return nil
}

// persist posts a batch, and again after 5, 10, 20 and 40 seconds or when the
// server says, for as long as the time-out allows.
func (h *HTTPS) persist(ctx context.Context, batch []message.Message) error {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	body, err := h.body(batch)
	if err != nil {
		return err
	}
	for wait := h.pause; ; wait *= 2 {
		err := h.post(ctx, body)
		if exit.Status(err) != exit.Temporary || wait > h.pause<<doublings {
			return err
		}
		pause := wait
		if told := new(askedToWait); errors.As(err, &told) && told.wait > 0 {
			pause = told.wait
		}
		if deadline, _ := ctx.Deadline(); time.Until(deadline) <= pause {
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return err
		}
	}
}

func (h *HTTPS) body(batch []message.Message) ([]byte, error) {
	body := []byte(`{"messages":[`)
	for i, m := range batch {
		text, err := m.AsEnvelope(h.id())
		if err != nil {
			return nil, err
		}
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, text...)
	}
	return append(body, "]}"...), nil
}

// Close ends the connections that wait for more to do.
func (h *HTTPS) Close() error {
	h.client.CloseIdleConnections()
	return nil
}
