package delivery

import (
	"time"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
)

// Flags are the options of a program that hands messages over, for package cli.
type Flags struct {
	Strict  bool          `aliases:"no-queue" help:"Fail with status 75 instead of keeping the message while the server is away; also --no-queue."`
	Timeout time.Duration `default:"10s" placeholder:"DURATION" help:"How long to wait for the server (default ${default})."`
}

// longestTimeout bounds the time-out of a program's user.
const longestTimeout = 24 * time.Hour

// Open is the sender that the options ask for.
func (f Flags) Open(h home.Home) (*Sender, error) {
	if f.Timeout <= 0 || f.Timeout > longestTimeout {
		return nil, exit.Errorf(exit.Usage, "cannot wait %v: --timeout must be more than 0 and at most %v", f.Timeout, longestTimeout)
	}
	return Open(h, Options{Timeout: f.Timeout, Strict: f.Strict})
}
