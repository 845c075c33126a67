// Package daemon is the service: rounds on their schedule, their results kept
// and reported, the node ended when that is the decision.
package daemon

import (
	"context"
	"fmt"
	"os"
	"time"

	"jetpack.internal/healthcheckd/internal/builtin"
	"jetpack.internal/healthcheckd/internal/decision"
	"jetpack.internal/healthcheckd/internal/metrics"
	"jetpack.internal/healthcheckd/internal/reports"
	"jetpack.internal/healthcheckd/internal/rounds"
	"jetpack.internal/healthcheckd/internal/schedule"
	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/keepalive"
	"jetpack.internal/shared/lock"
)

// Server is a connection to the server, for one round.
type Server interface {
	reports.Server
	Close() error
}

// Daemon is the service of one node.
type Daemon struct {
	Home    home.Home
	Minutes string // the interval of the environment; "" if there is none
	Version string
	Beat    time.Duration // how often the service manager wants a sign of life; 0 is every minute
	Machine boot.Machine
	Now     func() boot.Moment
	Runner  *check.Runner
	Server  func() (Server, error)
	Queued  func() int               // messages in the outbox
	Log     func(level, text string) // one line per change
	Notify  func(state string)       // tells the service manager
	Idle    func()                   // after a round, when nothing is left to do
	Act     func(context.Context, settings.Action, decision.Decision) error

	state    status.State
	settings *settings.Settings // those last read without a fault
	problems string             // with the settings, as they were last told
}

// reportTime bounds how long a round's end may talk to the server.
const reportTime = 2 * time.Minute

// Run serves until ctx ends. What is under way then is dropped, not judged.
func (d *Daemon) Run(ctx context.Context) error {
	var err error
	if d.state, err = status.Load(d.path()); err != nil {
		d.Log(reports.Warn, err.Error()+"; starting afresh")
	}
	now := d.Now()
	d.state.Service = &status.Service{PID: os.Getpid(), Boot: now.Boot, Started: now.Wall.UTC(), Version: d.Version}
	d.Log(reports.Info, "healthcheckd "+d.Version+" started")
	d.Notify("READY=1")
	loop := schedule.Loop{
		Now: d.Now, Seed: d.seed(), Beat: d.Beat, Round: d.round, Planned: d.planned, Idle: d.flush,
		Alive: func() { d.Notify("WATCHDOG=1") },
	}
	loop.Run(ctx)
	d.Notify("STOPPING=1")
	d.state.Service, d.state.Next = nil, nil
	d.save()
	d.Log(reports.Info, "healthcheckd stopped")
	return nil
}

func (d *Daemon) path() string { return d.Home.Run("health.json") }

// seed is what tells this node from others.
func (d *Daemon) seed() string {
	host, _ := os.Hostname()
	return d.Machine.Hardware + "/" + d.Machine.System + "/" + host
}

// round runs all checks, keeps what they say, and acts on it.
func (d *Daemon) round(ctx context.Context) (interval time.Duration) {
	d.configure()
	held, err := lock.Acquire(ctx, d.Home.Run("health.lock"), d.settings.Interval)
	if err != nil {
		d.Log(reports.Warn, fmt.Sprintf("this round is left out: %v", err))
		return d.settings.Interval
	}
	defer held.Release()
	started := d.Now()
	if err := keepalive.Carry(ctx, d.Home.Run(keepalive.File), started, d.Machine); err != nil {
		d.Log(reports.Warn, err.Error())
	}
	round := rounds.Round{
		Folder: d.Home.HealthChecks(), Runner: d.Runner, Settings: d.settings,
		Builtin: func() []check.Result { return d.builtin(started) }, Due: rounds.DueBy(&d.state, started),
	}
	outcomes, err := round.Run(ctx)
	if ctx.Err() != nil {
		return d.settings.Interval
	}
	if err != nil {
		outcomes = append(outcomes, status.Outcome{Result: check.Result{Name: "healthcheck.d", Verdict: check.Unknown, Reason: err.Error()}})
	}
	d.state.Take(outcomes, started, d.Now())
	d.save()
	d.conclude(ctx)
	return d.settings.Interval
}

func (d *Daemon) builtin(now boot.Moment) []check.Result {
	converge, launch := builtin.ConvergeTimeout(d.Home.Run("converge.json"), d.Home.Run("launched"),
		d.settings.ConvergeTimeout, d.state.Launch, now)
	d.state.Launch = launch
	return []check.Result{converge, builtin.ScheduledShutdown(d.Home.Run("scheduled_shutdown"), now.Wall)}
}

// configure reads the settings anew. While the configuration is damaged, those
// last read hold.
func (d *Daemon) configure() {
	s, err := settings.Read(d.Home.Configuration(), d.Minutes)
	if err != nil {
		s.Problems = append(s.Problems, err.Error())
	}
	d.state.Problems = s.Problems
	if problems := fmt.Sprint(s.Problems); problems != d.problems {
		d.problems = problems
		for _, problem := range s.Problems {
			d.Log(reports.Warn, problem)
		}
	}
	if err == nil || d.settings == nil {
		d.settings = &s
	}
}

func (d *Daemon) held() keepalive.State {
	return keepalive.Read(d.Home.Run(keepalive.File), d.Now(), d.Machine)
}

// conclude decides and tells the server, within a bounded time.
func (d *Daemon) conclude(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, reportTime)
	defer cancel()
	held := d.held()
	decided := decision.Decide(d.state.Checks, d.settings, held)
	server, err := d.Server()
	if err != nil {
		d.state.Server.Error = err.Error()
		d.Log(reports.Warn, err.Error())
		return
	}
	defer server.Close()
	r := reports.Reporter{Server: server, State: &d.state, Now: func() time.Time { return d.Now().Wall }, Held: d.held, Log: d.Log}
	if !r.Round(ctx, decided, held) {
		return
	}
	for _, action := range decided.Actions {
		d.Log(reports.Error, "acting on the unhealthy node: "+action.String())
		if err := d.Act(ctx, action, decided); err != nil {
			d.Log(reports.Error, err.Error())
		}
	}
}

// flush delivers the outbox.
func (d *Daemon) flush(ctx context.Context) {
	if d.Queued() == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, schedule.Beat-10*time.Second)
	defer cancel()
	server, err := d.Server()
	if err != nil {
		return // each round says so
	}
	defer server.Close()
	r := reports.Reporter{Server: server, State: &d.state, Now: func() time.Time { return d.Now().Wall }, Log: d.Log}
	_ = r.Flush(ctx) // the next beat tries again
}

// planned ends a round: the next one is known.
func (d *Daemon) planned(next boot.Moment) {
	d.state.Next = &status.Next{At: next.Wall.UTC(), Mark: status.MarkOf(next)}
	d.state.Server.Queued = d.Queued()
	d.save()
	if err := atomicfile.Write(d.Home.Run("healthcheck.prom"), metrics.Text(&d.state, d.held()), 0o644); err != nil {
		d.Log(reports.Warn, err.Error())
	}
	d.Idle()
}

func (d *Daemon) save() {
	if err := d.state.Save(d.path()); err != nil {
		d.Log(reports.Warn, err.Error())
	}
}
