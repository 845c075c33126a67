package main

import (
	"context"
	"errors"
	"io/fs"
	"syscall"
	"time"

	"jetpack.internal/healthcheckd/internal/builtin"
	"jetpack.internal/healthcheckd/internal/rounds"
	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/healthcheckd/internal/view"
	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/lock"
)

const onceWait = 2 * time.Minute // for a round of the service

// once runs all checks now. What a check said in earlier rounds of the service
// tells since when.
func once(ctx context.Context, io cli.IO) (view.View, error) {
	n, err := open(io)
	if err != nil {
		return view.View{}, err
	}
	held, err := lock.Acquire(ctx, n.home.Run("health.lock"), onceWait)
	if err == nil {
		defer held.Release()
	} else if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.EROFS) {
		return view.View{}, temporary(err)
	}
	state, err := status.Load(n.state())
	if err != nil {
		io.Logf("%v", err)
	}
	return n.once(ctx, state)
}

func (n *node) once(ctx context.Context, state status.State) (view.View, error) {
	s, damaged := n.settings("")
	started, runner := n.now(), n.runner(n.scratch())
	defer runner.Supervisor.Close()
	round := rounds.Round{Folder: n.home.HealthChecks(), Runner: runner, Settings: &s, Builtin: func() []check.Result {
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
