package main

import (
	"context"
	"time"

	"jetpack.internal/jetpack-converge/internal/console"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/journal"
)

const (
	firstPause = 2 * time.Second
	maxPause   = 5 * time.Minute
)

// persist tries again after a failure that may pass, for as long as --retry
// allows. Each try is an attempt of its own, reported as such. A
// configuration that is wrong does not get better by waiting.
func (c *command) persist(ctx context.Context, screen console.Console, log *journal.Journal, try func() error) error {
	began := time.Now()
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		err := try()
		if err == nil || exit.Status(err) == exit.Usage || ctx.Err() != nil || time.Since(began)+pause > c.Retry {
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
