package cli

import (
	"os"
	"syscall"

	"jetpack.internal/shared/exit"
)

// reraise ends the process with the status that stands for sig.
func reraise(sig os.Signal) {
	if number, ok := sig.(syscall.Signal); ok {
		os.Exit(exit.Signal(int(number)))
	}
}
