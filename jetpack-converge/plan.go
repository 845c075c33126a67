package main

import (
	"context"
	"fmt"

	"jetpack.internal/jetpack-converge/internal/attempt"
	"jetpack.internal/jetpack-converge/internal/console"
	"jetpack.internal/shared/cli"
)

// plan prints what a converge would do, and changes nothing.
func (c *command) plan(ctx context.Context, io cli.IO) error {
	forecast, err := attempt.Foresee(ctx, io.Home, c.options())
	if err != nil {
		return err
	}
	screen := console.NewPlain(io.Out, func() error { return nil })
	for _, p := range forecast.Plans {
		for _, file := range p.Fetch {
			screen.Line("download %s (%s)", p.Tree.Locker.Address(file.Blob.Name), console.Size(file.Blob.Size))
		}
		for _, name := range p.Remove {
			screen.Line("remove   %s", p.Tree.Path(name))
		}
	}
	for _, item := range forecast.RunList {
		screen.Line("chef     %s", item)
	}
	for _, s := range forecast.Scripts {
		screen.Line("%-8s %s", s.Action, s.Name)
	}
	fmt.Fprintln(io.Out, forecast.Summary())
	return nil
}
