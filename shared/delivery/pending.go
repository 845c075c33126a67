package delivery

import (
	"context"
	"sync"

	"jetpack.internal/shared/message"
)

// Bounds of what a stream has read and not yet handed over.
const (
	pendingCount = 12_000
	pendingBytes = 10 << 20
)

// pending are the messages given to a courier and not settled, in order.
type pending struct {
	mu       sync.Mutex
	messages []message.Message
	bytes    int
	freed    chan struct{} // not nil while somebody waits for room
}

func (p *pending) add(m message.Message) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.messages = append(p.messages, m)
	p.bytes += len(m.Body)
}

// settle takes the oldest off.
func (p *pending) settle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes -= len(p.messages[0].Body)
	p.messages[0] = message.Message{} // lets go of the body
	p.messages = p.messages[1:]
	if p.freed != nil {
		close(p.freed)
		p.freed = nil
	}
}

func (p *pending) all() []message.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]message.Message(nil), p.messages...)
}

func (p *pending) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.messages, p.bytes = nil, 0
}

// room waits until one more may be added, or the context ends.
func (p *pending) room(ctx context.Context) {
	for {
		p.mu.Lock()
		if len(p.messages) == 0 || len(p.messages) < pendingCount && p.bytes < pendingBytes {
			p.mu.Unlock()
			return
		}
		if p.freed == nil {
			p.freed = make(chan struct{})
		}
		freed := p.freed
		p.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return
		}
	}
}
