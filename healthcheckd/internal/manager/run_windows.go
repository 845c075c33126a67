package manager

import (
	"context"

	"github.com/kardianos/service"
)

// Run calls serve with a context that ends when the service manager stops the
// service. Outside of a service manager it just calls serve.
func Run(ctx context.Context, serve func(context.Context) error) error {
	if service.Interactive() {
		return serve(ctx)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	h := &hosted{ctx: ctx, cancel: cancel, serve: serve, ended: make(chan error, 1)}
	s, err := service.New(h, &service.Config{Name: Name})
	if err != nil {
		return explain("run", err)
	}
	return explain("run", s.Run())
}

// hosted runs in the hands of the service manager.
type hosted struct {
	ctx    context.Context
	cancel context.CancelFunc
	serve  func(context.Context) error
	ended  chan error
}

func (h *hosted) Start(service.Service) error {
	go func() { h.ended <- h.serve(h.ctx) }()
	return nil
}

func (h *hosted) Stop(service.Service) error {
	h.cancel()
	return <-h.ended
}
