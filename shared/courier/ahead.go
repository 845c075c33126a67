package courier

import "context"

// ahead is a connection that is made beside what the caller does.
type ahead struct {
	stop context.CancelFunc
	done chan error
}

// Ahead begins to connect: what the caller has to do before its first message
// takes as long as a round trip or two to the broker.
func (a *AMQP) Ahead(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	a.ahead = &ahead{stop, make(chan error, 1)}
	go func(done chan<- error) { done <- a.connect(ctx) }(a.ahead.done)
}

// arrive waits for the connection that Ahead has begun, if it has.
func (a *AMQP) arrive() error {
	if a.ahead == nil {
		return nil
	}
	err := <-a.ahead.done
	a.ahead.stop()
	a.ahead = nil
	return err
}
