//go:build !windows

package cli

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// reraise ends the process by sig.
func reraise(sig os.Signal) {
	signal.Reset(sig)
	if number, ok := sig.(syscall.Signal); ok {
		_ = syscall.Kill(os.Getpid(), number)
		time.Sleep(time.Second) // the signal arrives at once, but not within Kill
	}
}
