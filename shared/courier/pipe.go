package courier

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// pipe is a connection on which no write waits for ever, as a broker whose
// alarm is on stops reading, and on which many small writes go as one. A write
// that fails gives the reader time to learn why: what the peer said before it
// closed, such as that it does not trust our certificate, may still be unread.
type pipe struct {
	net.Conn
	raw     net.Conn // below TLS
	timeout time.Duration
	end     sync.Once
	ended   chan struct{} // closed when there is nothing more to read
	reason  error         // why, once ended is closed

	mu     sync.Mutex
	corked bool
	held   []byte
	wrote  chan struct{} // not nil while somebody waits for a write
}

func newPipe(conn, raw net.Conn, timeout time.Duration) *pipe {
	return &pipe{Conn: conn, raw: raw, timeout: timeout, ended: make(chan struct{})}
}

// Close does not wait to say goodbye in TLS: the protocol inside has done it.
func (p *pipe) Close() error { return p.raw.Close() }

func (p *pipe) Read(data []byte) (int, error) {
	n, err := p.Conn.Read(data)
	if err != nil {
		p.end.Do(func() {
			p.reason = err
			close(p.ended)
		})
	}
	return n, err
}

// closeAfter closes the connection when the context ends, unless stopped.
func (p *pipe) closeAfter(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() { p.Close() })
}

// lastWords bounds the wait for the reader after a failed write.
const lastWords = time.Second

// hearOut waits until the reader has read to the end.
func (p *pipe) hearOut() {
	select {
	case <-p.ended:
	case <-time.After(lastWords):
	}
}

// heard is why there is nothing more to read, nil if there may be.
func (p *pipe) heard() error {
	select {
	case <-p.ended:
		return p.reason
	default:
		return nil
	}
}

// nextWrite is closed after the next write.
func (p *pipe) nextWrite() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrote = make(chan struct{})
	return p.wrote
}

// corkFull is how much is held back at most.
const corkFull = 32 << 10

// cork holds writes back until uncork.
func (p *pipe) cork() {
	p.mu.Lock()
	p.corked = true
	p.mu.Unlock()
}

// uncork sends what was held back.
func (p *pipe) uncork() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.corked = false
	return p.flush()
}

func (p *pipe) Write(data []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.corked && len(data) < corkFull {
		p.held = append(p.held, data...)
		if len(p.held) < corkFull {
			return len(data), nil
		}
		return len(data), p.flush()
	}
	if err := p.flush(); err != nil {
		return 0, err
	}
	return p.send(data)
}

func (p *pipe) flush() error {
	if len(p.held) == 0 {
		return nil
	}
	_, err := p.send(p.held)
	p.held = p.held[:0]
	return err
}

func (p *pipe) send(data []byte) (int, error) {
	if err := p.SetWriteDeadline(time.Now().Add(p.timeout)); err != nil {
		return 0, err
	}
	n, err := p.Conn.Write(data)
	if err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, os.ErrDeadlineExceeded) {
		p.hearOut()
	}
	if p.wrote != nil {
		close(p.wrote)
		p.wrote = nil
	}
	return n, err
}
