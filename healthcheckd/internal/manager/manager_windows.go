package manager

import (
	"context"
	"errors"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"

	"jetpack.internal/shared/exit"
)

// canWrite refuses no home: the registry holds any.
func canWrite(string) error { return nil }

// Run calls serve with a context that ends when the service manager stops the
// service. Outside of a service manager it just calls serve. Which of the two
// it is, is asked of the service manager itself: it refuses to talk to a
// program that it has not started. The program's parent and session tell less.
func Run(ctx context.Context, serve func(context.Context) error) error {
	h := &hosted{ctx: ctx, serve: serve}
	err := svc.Run(Name, h)
	if errors.Is(err, windows.ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) {
		return serve(ctx)
	}
	return errors.Join(explain("run", err), h.err)
}

// forget has nothing to do: Windows forgets a service whole.
func forget() error { return nil }

// hosted runs in the hands of the service manager.
type hosted struct {
	ctx   context.Context
	serve func(context.Context) error
	err   error // of serve
}

// stopHint is how long, in milliseconds, the service manager is to wait for
// an end that usually takes two seconds.
const stopHint = 10_000

// Execute serves until it is told to stop, or cannot. Its number is the exit
// status of `healthcheckd run`, as one of the service's own.
func (h *hosted) Execute(_ []string, requests <-chan svc.ChangeRequest, status chan<- svc.Status) (own bool, number uint32) {
	// Only the manager ends a service: to be interrupted means here that some
	// user has logged off.
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.ctx))
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- h.serve(ctx) }()
	status <- svc.Status{State: svc.Running, Accepts: svc.AcceptStop | svc.AcceptShutdown}
	for {
		select {
		case h.err = <-ended:
			return h.err != nil, uint32(exit.Status(h.err))
		case request := <-requests:
			switch request.Cmd {
			case svc.Interrogate:
				status <- request.CurrentStatus
			case svc.Stop, svc.Shutdown:
				status <- svc.Status{State: svc.StopPending, WaitHint: stopHint}
				cancel()
			}
		}
	}
}
