package cli

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// interruption remembers the signal that ended a command's context.
type interruption struct{ sig atomic.Pointer[os.Signal] }

func (i *interruption) signal() os.Signal {
	if sig := i.sig.Load(); sig != nil {
		return *sig
	}
	return nil
}

type interruptionKey struct{}

func withSignal(ctx context.Context) (context.Context, *interruption) {
	i := new(interruption)
	return context.WithValue(ctx, interruptionKey{}, i), i
}

// Interrupt gives a context that SIGINT, SIGTERM and SIGHUP cancel, for
// commands that have something to clean up; others are ended by the signal at
// once, and so are these by a second signal. When the command then returns an
// error, Main ends the process by that same signal, so that callers see the
// truth. The command calls stop when it has nothing to clean up any more.
func Interrupt(ctx context.Context) (interruptible context.Context, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 1)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(sig) { // nohup stays nohup
			signal.Notify(signals, sig)
		}
	}
	go func() {
		select {
		case sig := <-signals:
			if i, ok := ctx.Value(interruptionKey{}).(*interruption); ok {
				i.sig.Store(&sig)
			}
			signal.Stop(signals)
			cancel()
		case <-ctx.Done():
			signal.Stop(signals)
		}
	}()
	return ctx, cancel
}
