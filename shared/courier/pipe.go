package courier

import (
	"net"
	"sync"
	"time"
)

// pipe is a connection on which no write waits for ever, as a broker whose
// alarm is on stops reading, and on which many small writes go as one.
type pipe struct {
	net.Conn
	timeout time.Duration

	mu     sync.Mutex
	corked bool
	held   []byte
	wrote  chan struct{} // not nil while somebody waits for a write
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
	if p.wrote != nil {
		close(p.wrote)
		p.wrote = nil
	}
	return n, err
}
