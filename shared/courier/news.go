package courier

import (
	"sync"

	amqp "github.com/rabbitmq/amqp091-go"
)

// news is what the broker says of published messages, in its order: it sends
// a message back before it confirms it. One goroutine takes both from the
// library's unbuffered channels, so the order is kept and the library, which
// also answers the broker's heartbeats, never waits for us.
type news struct {
	mu      sync.Mutex
	events  []event
	ended   bool          // the channel is closed: no more will come
	arrived chan struct{} // holds a token when there is something to take
}

// event is a confirmation or, with back, a message that came back.
type event struct {
	ack  bool
	back *amqp.Return
}

func gatherNews(channel *amqp.Channel) *news {
	n := &news{arrived: make(chan struct{}, 1)}
	confirms := channel.NotifyPublish(make(chan amqp.Confirmation))
	returns := channel.NotifyReturn(make(chan amqp.Return))
	go n.gather(confirms, returns)
	return n
}

func (n *news) gather(confirms <-chan amqp.Confirmation, returns <-chan amqp.Return) {
	for confirms != nil || returns != nil {
		select {
		case c, open := <-confirms:
			if !open {
				confirms = nil
				continue
			}
			n.add(event{ack: c.Ack}, false)
		case back, open := <-returns:
			if !open {
				returns = nil
				continue
			}
			back.Body = nil
			n.add(event{back: &back}, false)
		}
	}
	n.add(event{}, true)
}

func (n *news) add(e event, ended bool) {
	n.mu.Lock()
	if ended {
		n.ended = true
	} else {
		n.events = append(n.events, e)
	}
	n.mu.Unlock()
	select {
	case n.arrived <- struct{}{}:
	default:
	}
}

// take gives what has arrived since the last call.
func (n *news) take() (events []event, ended bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	events, n.events = n.events, nil
	return events, n.ended
}
