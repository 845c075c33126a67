// Package delivery hands a message over: it delivers it, or keeps it in the
// outbox until it can be delivered.
package delivery

import (
	"context"
	"path/filepath"
	"sync"
	"time"

	"jetpack.internal/shared/courier"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/message"
	"jetpack.internal/shared/outbox"
)

// Options of a sender.
type Options struct {
	Timeout time.Duration // for one message, from connecting to its confirmation; 0: DefaultTimeout
	Strict  bool          // fail with exit.Temporary instead of queueing
}

// DefaultTimeout is what a caller waits at most for a server that is away.
const DefaultTimeout = 10 * time.Second

// Outcome is what became of a message.
type Outcome int

// The outcomes of a message that was handed over.
const (
	Confirmed Outcome = iota + 1 // the server has it
	Queued                       // it is on the disk, in the outbox
	Written                      // there is no server: it is on the disk, in logs/messages.jsonl
)

func (o Outcome) String() string {
	return [...]string{"not handed over", "confirmed by the server", "queued in the outbox", "written to the message file"}[o]
}

// Sender hands messages of this node over. It is for one goroutine.
type Sender struct {
	home       home.Home
	options    Options
	connection courier.Connection
	identity   func() message.Identity
	box        *outbox.Box
	aside      *outbox.Box // messages that the server refused, tried again at each flush
	outage     outage
	carrier    courier.Courier
	now        func() time.Time
}

// Open reads how to reach the server. It contacts nobody.
func Open(h home.Home, o Options) (*Sender, error) {
	if err := h.Check(); err != nil {
		return nil, err
	}
	changed := written(h.Connection()) // before it is read: a later change is not overlooked
	connection, err := courier.ReadConnection(h.Connection())
	if err != nil {
		return nil, err
	}
	connection = connection.WithPassword(home.ServerPassword())
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	s := &Sender{
		home: h, options: o, connection: connection,
		identity: sync.OnceValue(func() message.Identity { return identity(h, connection) }),
		box:      outbox.At(h.Run("outbox"), outbox.DefaultLimits),
		aside:    outbox.At(h.Run("outbox", "refused"), outbox.DefaultLimits),
		outage:   outage{h.Run("outage.json"), changed},
		now:      time.Now,
	}
	s.carrier, err = courier.New(connection, courier.Options{
		File:     h.Logs("messages.jsonl"),
		Config:   filepath.Dir(h.Connection()),
		Identity: s.identity,
		Timeout:  o.Timeout,
	})
	return s, err
}

// Identity is the node that the sender speaks for.
func (s *Sender) Identity() message.Identity { return s.identity() }

// Local tells whether the node has no server: messages go to a file.
func (s *Sender) Local() bool { return s.connection.Local() }

// Ahead begins to connect to the server, and to read who this node is, beside
// what the caller does: for one that has its message at hand and will send it.
func (s *Sender) Ahead(ctx context.Context) {
	courier, ok := s.carrier.(courier.Early)
	if !ok || !s.options.Strict && s.outage.known(s.now()) != nil {
		return
	}
	courier.Ahead(ctx)
	go s.identity()
}

// Report wraps data in an envelope and hands it over. An error means that the
// message is lost: it is not JSON, the outbox cannot take it, or the sender is
// strict and the server away.
func (s *Sender) Report(ctx context.Context, kind string, data any) (Outcome, error) {
	m, err := s.Message(kind, data)
	if err != nil {
		return 0, err
	}
	return s.Send(ctx, m)
}

// Important is Report for a message that may use the last tenth of the
// outbox: errors, evidence, and how a converge ended.
func (s *Sender) Important(ctx context.Context, kind string, data any) (Outcome, error) {
	m, err := s.Message(kind, data)
	if err != nil {
		return 0, err
	}
	m.Important = true
	return s.Send(ctx, m)
}

// Message is data in an envelope, ready for Send and Stream.
func (s *Sender) Message(kind string, data any) (message.Message, error) {
	e, err := message.New(s.identity(), kind, data, s.now())
	if err != nil {
		return message.Message{}, exit.With(exit.Usage, err)
	}
	return e.Message()
}

// Request asks the server for something that must not happen late, such as
// the end of this node: it is confirmed now, or it fails and is forgotten. A
// broker keeps it no longer than expiry.
func (s *Sender) Request(ctx context.Context, kind string, data any, expiry time.Duration) error {
	m, err := s.Message(kind, data)
	if err != nil {
		return err
	}
	m.Expiration = expiry
	return s.direct(ctx, m)
}

// Close ends the connection, if there is one.
func (s *Sender) Close() error { return s.carrier.Close() }
