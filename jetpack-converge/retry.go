package main

import (
	"context"
	"errors"
	"time"

	"jetpack.internal/jetpack-converge/internal/attempt"
	"jetpack.internal/jetpack-converge/internal/console"
	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/journal"
)

const (
	firstPause = 2 * time.Second
	maxPause   = 5 * time.Minute
)

// persist tries again after a failure that may pass, for as long as --retry
// allows. Each try is an attempt of its own, reported as such. A
// configuration that is wrong does not get better by waiting, and a node that
// has to restart goes on at its next boot: Chef run again meanwhile would put
// off the very restart that it has scheduled.
func (c *command) persist(ctx context.Context, screen console.Console, log *journal.Journal, try func() error) error {
	began := time.Now()
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		err := try()
		if err == nil || exit.Status(err) == exit.Usage || isRebooting(err) || ctx.Err() != nil || time.Since(began)+pause > c.Retry {
			return err
		}
		screen.Line("failed: %v; trying again in %s", err, console.Duration(pause))
		_ = log.Log(journal.Info, "trying again in "+console.Duration(pause)) // as an attempt's own lines
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

func isRebooting(err error) bool {
	var f *failure.Error
	return errors.As(err, &f) && f.Status == attempt.Rebooting
}
