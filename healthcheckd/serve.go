package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"jetpack.internal/healthcheckd/internal/action"
	"jetpack.internal/healthcheckd/internal/builtin"
	"jetpack.internal/healthcheckd/internal/daemon"
	"jetpack.internal/healthcheckd/internal/decision"
	"jetpack.internal/healthcheckd/internal/notify"
	"jetpack.internal/healthcheckd/internal/reports"
	"jetpack.internal/healthcheckd/internal/rounds"
	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/healthcheckd/internal/view"
	"jetpack.internal/shared/boot"
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
	onceWait = 2 * time.Minute // of `once` for a round of the service
)

// serve is `healthcheckd run`.
func serve(ctx context.Context, io cli.IO, minutes, socket string) error {
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
	dir, remove, err := n.scratch()
	if err != nil {
		return explainRefusal(err)
	}
	defer remove()
	clean(dir)
	clean(n.state())
	defer patient()()
	d := daemon.Daemon{
		Home: n.home, Minutes: minutes, Version: version.String(), Machine: n.machine, Now: n.now,
		Runner: n.runner(dir), Queued: n.queued, Log: logger(n, io), Notify: notify.To(socket), Idle: debug.FreeOSMemory,
		Server: func() (daemon.Server, error) { return delivery.Open(n.home, delivery.Options{}) },
		Act: func(ctx context.Context, a settings.Action, d decision.Decision) error {
			return action.Run(ctx, a, d, n.environment())
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
	return &check.Runner{Supervisor: new(run.Supervisor), Scratch: scratch, Env: n.environment(), Grace: grace}
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

// once runs all checks now. What a check said in earlier rounds of the service
// tells since when.
func once(ctx context.Context, io cli.IO) (view.View, error) {
	n, err := open(io)
	if err != nil {
		return view.View{}, err
	}
	dir, remove, err := n.scratch()
	if err != nil {
		return view.View{}, explainRefusal(err)
	}
	defer remove()
	held, err := lock.Acquire(ctx, n.home.Run("health.lock"), onceWait)
	if err == nil {
		defer held.Release()
	} else if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, fs.ErrNotExist) {
		return view.View{}, temporary(err)
	}
	state, err := status.Load(n.state())
	if err != nil {
		io.Logf("%v", err)
	}
	return n.once(ctx, io, state, dir)
}

func (n *node) once(ctx context.Context, io cli.IO, state status.State, scratch string) (view.View, error) {
	s, damaged := n.settings("")
	started := n.now()
	round := rounds.Round{Folder: n.home.HealthChecks(), Runner: n.runner(scratch), Settings: &s, Builtin: func() []check.Result {
		return n.builtin(&s, state.Launch, started)
	}}
	outcomes, err := round.Run(ctx)
	if outcomes == nil && err != nil {
		return view.View{}, err
	}
	for _, problem := range []error{err, damaged} {
		if problem != nil {
			outcomes = append(outcomes, status.Outcome{Result: check.Result{Name: "healthcheck.d", Verdict: check.Unknown, Reason: problem.Error()}})
		}
	}
	state.Take(outcomes, started, n.now())
	state.Problems = s.Problems
	return view.Of(&state, n.held(), n.now(), n.serviceRuns(&state)), nil
}

func (n *node) builtin(s *settings.Settings, launch builtin.Launch, now boot.Moment) []check.Result {
	converge, _ := builtin.ConvergeTimeout(n.home.Run("converge.json"), n.home.Run("launched"), s.ConvergeTimeout, launch, now)
	return []check.Result{converge, builtin.ScheduledShutdown(n.home.Run("scheduled_shutdown"), now.Wall)}
}
