// Jetpack-converge brings a node to the configuration that its projects
// describe: it downloads them, runs Chef and the cluster-init scripts, and
// reports to the server.
package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime/debug"
	"time"

	"jetpack.internal/jetpack-converge/internal/attempt"
	"jetpack.internal/jetpack-converge/internal/console"
	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/record"
	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/journal"
	"jetpack.internal/shared/lock"
)

type command struct {
	ClusterInit   bool          `help:"Run the scripts only, not Chef."`
	NoSync        bool          `help:"Do not download: use what lies in the folders."`
	RerunScripts  cli.Optional  `placeholder:"PATTERN" help:"Run scripts again although they have succeeded: all, or with =PATTERN those whose NAME, SPEC/NAME or PROJECT/SPEC/NAME matches."`
	Mode          string        `placeholder:"MODE" enum:",install,maintenance" default:"" help:"install or maintenance; without it, install until the node has been ready once."`
	Plan          bool          `help:"Show what would be downloaded, run and skipped; change nothing."`
	Status        bool          `help:"Show what the last converge did, or what the running one does."`
	JSON          bool          `name:"json" help:"With --status: as JSON."`
	Debug         bool          `help:"Show the output of Chef."`
	LockTimeout   time.Duration `placeholder:"DURATION" default:"0s" help:"Wait that long for another converge to end (default ${default})."`
	Timeout       time.Duration `placeholder:"DURATION" default:"4h" help:"Give up after that time (default ${default}; 0 is never)."`
	Retry         time.Duration `placeholder:"DURATION" default:"0s" help:"After a failure, try again with growing pauses for that long."`
	ScriptTimeout time.Duration `placeholder:"DURATION" default:"0s" help:"Stop a script after that time (default: cyclecloud.converge.script_timeout, else never)."`
}

func main() {
	cli.Main("jetpack-converge", "Bring this node to the configuration its projects describe.", new(command))
}

// Run does what the options ask for.
func (c *command) Run(ctx context.Context, io cli.IO) error {
	if err := io.Home.Check(); err != nil {
		return err
	}
	switch {
	case min(c.LockTimeout, c.Timeout, c.Retry) < 0 || c.ScriptTimeout < 0:
		return exit.Errorf(exit.Usage, "a duration cannot be negative")
	case c.JSON && !c.Status:
		return exit.Errorf(exit.Usage, "--json goes with --status")
	case c.Status:
		return showStatus(io, c.JSON)
	case c.Plan:
		return failure.ForCaller(c.plan(ctx, io))
	}
	return c.converge(ctx, io)
}

func (c *command) converge(ctx context.Context, io cli.IO) error {
	held, err := c.lock(ctx, io.Home)
	if err != nil {
		return err
	}
	defer held.Release()
	clearMask()
	debug.SetGCPercent(400) // the heap is small, and the work is over soon
	log := journal.Open(io.Home.Logs("jetpack.log"))
	messenger, err := openMessenger(io.Home, log)
	if err != nil {
		return failure.ForCaller(failure.Of(err, "Cannot report to the server"))
	}
	defer messenger.close()
	ctx, stop := cli.Interrupt(ctx)
	defer stop()
	screen := newConsole(io)
	var last record.Record
	err = c.persist(ctx, screen, log, func() error {
		a := &attempt.Attempt{Home: io.Home, Options: c.options(), Console: screen, Log: log, Messenger: messenger}
		err := a.Run(ctx)
		last = a.Record()
		return err
	})
	screen.Close()
	if err != nil {
		if io.Terminal && len(last.Scripts) > 0 {
			summarize(io, "failed", last)
		}
		return failure.ForCaller(err)
	}
	summarize(io, "ready", last)
	return nil
}

// newConsole shows plain lines where nobody watches.
func newConsole(io cli.IO) console.Console {
	if io.Terminal {
		return console.NewTerminal(io.Out, io.Flush, io.Color, io.Columns)
	}
	return console.NewPlain(io.Out, io.Flush)
}

func (c *command) options() attempt.Options {
	return attempt.Options{
		Mode: c.Mode, ScriptsOnly: c.ClusterInit, NoSync: c.NoSync, Rerun: c.rerun(),
		ScriptTimeout: c.ScriptTimeout, Timeout: c.Timeout, Debug: c.Debug,
	}
}

// rerun is the pattern of the scripts that run again, nil when none do.
func (c *command) rerun() *string {
	if !c.RerunScripts.Given {
		return nil
	}
	return &c.RerunScripts.Value
}

// lock makes sure that one converge runs at a time.
func (c *command) lock(ctx context.Context, h home.Home) (*lock.Lock, error) {
	var held *lock.Lock
	err := os.MkdirAll(h.Run(), 0o755)
	if err == nil {
		held, err = lock.Acquire(ctx, h.Run("converge.lock"), c.LockTimeout)
	}
	var other *lock.HeldError
	switch {
	case err == nil:
		return held, nil
	case errors.As(err, &other):
		return nil, exit.Hint(exit.Errorf(exit.Temporary, "another converge is running: %s", other.Holder),
			"--lock-timeout DURATION waits for it, --status shows it")
	case errors.Is(err, fs.ErrPermission):
		err = exit.Hint(err, "converge writes below %s: run it as %s", h.Dir, cli.Superuser)
	}
	return nil, failure.ForCaller(failure.Of(err, "Cannot begin to configure this node"))
}
