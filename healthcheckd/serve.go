package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"time"

	"jetpack.internal/healthcheckd/internal/action"
	"jetpack.internal/healthcheckd/internal/daemon"
	"jetpack.internal/healthcheckd/internal/decision"
	"jetpack.internal/healthcheckd/internal/notify"
	"jetpack.internal/healthcheckd/internal/reports"
	"jetpack.internal/healthcheckd/internal/rest"
	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/journal"
	"jetpack.internal/shared/lock"
	"jetpack.internal/shared/run"
	"jetpack.internal/shared/version"
)

const (
	grace    = 2 * time.Second // from TERM to KILL of a check
	lockWait = 2 * time.Second // for a status command that looks whether we run
)

// serve is `healthcheckd run`.
func serve(ctx context.Context, io cli.IO, c *runCommand) error {
	n, err := open(io)
	if err != nil {
		return err
	}
	if err := os.Mkdir(n.home.Run(), 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return explainRefusal(err)
	}
	held, err := lock.Acquire(ctx, n.serviceLock(), lockWait)
	if err != nil {
		return explainRefusal(temporary(err))
	}
	defer held.Release()
	dir := n.scratch()
	clean(dir)
	clean(n.state())
	defer patient()()
	log, runner := logger(n, io), n.runner(dir)
	defer runner.Supervisor.Close()
	if count := runner.Supervisor.Abandoned(); count > 0 {
		log(reports.Warn, fmt.Sprintf("killed %d processes of checks that a killed healthcheckd left", count))
	}
	d := daemon.Daemon{
		Home: n.home, Minutes: c.Interval, Version: version.String(), Machine: n.machine, Now: n.now,
		Beat:   time.Duration(c.Watchdog) * time.Microsecond / 2,
		Runner: runner, Queued: n.queued, Log: log, Notify: notify.To(c.Socket), Idle: rest.Rest,
		Server: func() (daemon.Server, error) { return delivery.Open(n.home, delivery.Options{}) },
		Act: func(ctx context.Context, a settings.Action, d decision.Decision) error {
			return action.Run(ctx, runner.Supervisor, a, d, n.environment())
		},
	}
	return d.Run(ctx)
}

// patient makes the process outlive further signals: the first one has it end
// within two seconds, and what is being written is to be written whole.
func patient() (stop func()) {
	further := make(chan os.Signal, 1)
	signal.Notify(further, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	return func() { signal.Stop(further) }
}

func (n *node) runner(scratch string) *check.Runner {
	return &check.Runner{Supervisor: run.Supervise(run.Options{Cgroups: true}), Scratch: scratch, Env: n.environment(), Grace: grace}
}

// temporary marks the error of a lock that another process holds.
func temporary(err error) error {
	var other *lock.HeldError
	if errors.As(err, &other) {
		return exit.With(exit.Temporary, err)
	}
	return err
}

// logger writes logs/healthcheck.log and, with -v, stderr.
func logger(n *node, io cli.IO) func(level, text string) {
	levels := map[string]journal.Level{reports.Info: journal.Info, reports.Warn: journal.Warn, reports.Error: journal.Error}
	log := journal.Open(n.home.Logs("healthcheck.log"))
	return func(level, text string) {
		io.Logf("%s: %s", level, text)
		if err := log.Log(levels[level], text); err != nil {
			io.Logf("%v", err)
		}
	}
}
