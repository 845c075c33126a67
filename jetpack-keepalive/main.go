// Jetpack-keepalive delays the termination of this node by HealthCheck.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
	"unicode/utf8"

	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/keepalive"
	"jetpack.internal/shared/lock"
)

type command struct {
	Duration *string `arg:"" optional:"" placeholder:"DURATION" help:"How long: 90s, 30m, 6h, 2d, 1h30m, a number of hours, or forever. Default: 1h."`
	Reason   string  `short:"r" placeholder:"TEXT" help:"Why, for those who wonder."`
	Replace  bool    `help:"Put it in the place of a longer keepalive, too."`
	Off      bool    `xor:"action" help:"Take the keepalive back."`
	Status   bool    `short:"s" xor:"action" help:"Tell what holds and change nothing."`
	JSON     bool    `help:"Print what then holds as JSON."`
}

func main() {
	cli.Main("jetpack-keepalive", "Delay the termination of this node by HealthCheck.", new(command))
}

// Run changes the keepalive as asked and tells what then holds.
func (c *command) Run(ctx context.Context, io cli.IO) error {
	if err := c.check(); err != nil {
		return err
	}
	if err := io.Home.Check(); err != nil {
		return err
	}
	path, now, machine := io.Home.Run(keepalive.File), boot.Now(), boot.Identify("/")
	switch {
	case c.Status:
		if err := readable(path); err != nil {
			return err
		}
		return c.print(io, keepalive.Read(path, now, machine), false)
	case c.Off:
		return c.off(ctx, io, path)
	}
	wish, err := c.wish()
	if err != nil {
		return err
	}
	if err := os.Mkdir(io.Home.Run(), 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return explain(err)
	}
	state, kept, err := keepalive.Set(ctx, path, wish, now, machine)
	if err != nil {
		return explain(err)
	}
	io.Logf("wrote %s", path)
	if err := c.print(io, state, kept); err != nil || !kept {
		return err
	}
	return c.printKept(io, wish)
}

// check refuses what makes no sense together.
func (c *command) check() error {
	if (c.Off || c.Status) && (c.Duration != nil || c.Reason != "" || c.Replace) {
		return exit.Errorf(exit.Usage, "cannot use a duration, --reason or --replace together with --off or --status")
	}
	const longest = 4096
	if len(c.Reason) > longest {
		return exit.Errorf(exit.Usage, "cannot keep a reason of %d bytes: the most is %d", len(c.Reason), longest)
	}
	if !utf8.ValidString(c.Reason) {
		return exit.Errorf(exit.Usage, "cannot keep a reason that is not UTF-8: %q", c.Reason)
	}
	return nil
}

func (c *command) wish() (keepalive.Wish, error) {
	wish := keepalive.Wish{Reason: c.Reason, Replace: c.Replace, For: time.Hour}
	if c.Duration == nil {
		return wish, nil
	}
	if *c.Duration == "forever" {
		wish.Forever = true
		return wish, nil
	}
	d, err := keepalive.ParseDuration(*c.Duration)
	if err != nil {
		err = exit.Errorf(exit.Usage, "cannot understand how long: %w", err)
		return wish, exit.Hint(err, "use 90s, 30m, 6h, 2d, 1h30m, a number of hours, or forever")
	}
	wish.For = d
	return wish, nil
}

func (c *command) off(ctx context.Context, io cli.IO, path string) error {
	was := false
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		if was, err = keepalive.Off(ctx, path); err != nil {
			return explain(err)
		}
	}
	io.Logf("%s was there: %v", path, was)
	return c.print(io, keepalive.State{}, false)
}

// readable refuses to answer a user who may not read the state: to HealthCheck,
// which may, it can mean something else.
func readable(path string) error {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("cannot read the keepalive: %w", err)
	}
	if err == nil {
		file.Close()
	}
	return nil
}

// explain adds what to do about a refusal: who would be allowed, or to retry.
func explain(err error) error {
	var held *lock.HeldError
	if errors.As(err, &held) {
		return exit.With(exit.Temporary, err)
	}
	if errors.Is(err, fs.ErrPermission) {
		return exit.Hint(err, "run it as %s", cli.Superuser)
	}
	return err
}

// Complete offers durations worth typing.
func (c *command) Complete(context.Context, cli.IO, string) []string {
	return []string{"1h", "6h", "1d", "forever"}
}
