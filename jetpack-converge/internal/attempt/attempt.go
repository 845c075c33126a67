// Package attempt is one attempt to bring the node to its configuration.
package attempt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"jetpack.internal/jetpack-converge/internal/chef"
	"jetpack.internal/jetpack-converge/internal/console"
	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/record"
	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/journal"
	"jetpack.internal/shared/spec"
	"jetpack.internal/shared/tree"
)

// Options of an attempt.
type Options struct {
	Mode          string        // install or maintenance; "" for install until the node was ready once
	ScriptsOnly   bool          // no Chef
	NoSync        bool          // nothing is downloaded
	Rerun         *string       // pattern of the scripts to run again, "" for all; nil for none
	ScriptTimeout time.Duration // of one script; 0 for the configuration's
	Timeout       time.Duration // of the whole attempt; 0 is none
	Debug         bool
}

// Messenger tells the node's server. It never fails: what cannot be
// delivered is kept or logged.
type Messenger interface {
	Installation(ctx context.Context, report Report)
}

// Attempt is one attempt under way. The caller holds the converge lock.
type Attempt struct {
	Home      home.Home
	Options   Options
	Console   console.Console
	Log       *journal.Journal
	Messenger Messenger

	record  record.Record
	now     func() time.Time
	tree    tree.Document
	machine <-chan machine // gives once what it says
	facts   map[string]any
	low     map[string]any // metadata: below the configuration
	client  chef.Client
	specs   []spec.Spec
	runList []string

	runsChef bool
	cut      map[string]bool // scripts of which a killed attempt may have left something running
}

// Run makes the attempt. Its error is a *failure.Error.
func (a *Attempt) Run(ctx context.Context) error {
	a.now = time.Now
	if a.Options.Timeout > 0 {
		cause := exit.Errorf(exit.No, "it took longer than %s", a.Options.Timeout)
		limited, cancel := context.WithTimeoutCause(ctx, a.Options.Timeout, cause)
		defer cancel()
		ctx = limited
	}
	if err := a.begin(ctx); err != nil {
		return failure.Of(err, "Cannot begin to configure this node")
	}
	a.ask(ctx)
	err := a.phases(ctx)
	if err != nil && ctx.Err() != nil {
		err = stopped(ctx, err)
	}
	return a.end(context.WithoutCancel(ctx), err)
}

// stopped explains an error that follows from the end of ctx. The restart that
// Chef has scheduled may be what has ended it.
func stopped(ctx context.Context, err error) error {
	f := *failure.Of(err, "Software configuration failed")
	if f.Status == Rebooting {
		return err
	}
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		f.Description, f.Cause = "Software configuration timed out", cause
		f.Recommendation = "Look at the script or download that was under way, or allow more time with --timeout"
	} else {
		f.Description, f.Cause = "Software configuration was stopped", cause
		f.Recommendation = "Run `jetpack converge` again: it goes on where this one stopped"
	}
	return &f
}

func (a *Attempt) begin(ctx context.Context) error {
	for _, folder := range []string{a.Home.Run(), a.Home.Logs(), a.Home.System("bootstrap")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	now := a.now()
	if err := record.Launch(a.Home.Run("launched"), now); err != nil {
		return err
	}
	last, err := record.Read(a.Home.Run("converge.json"))
	if err != nil {
		a.warn("the record of the last converge is lost: %v", err)
	}
	last = last.Over()
	a.cut = cutScripts(last)
	a.stopChef(ctx, last)
	a.record = record.Record{Result: record.Running, Mode: a.mode(last), Attempt: 1, Started: &now, Ready: last.Ready, Process: record.Self()}
	if last.Result == record.Failed {
		a.record.Attempt = last.Attempt + 1
	}
	a.info("converge: %s, attempt %d", a.record.Mode, a.record.Attempt)
	a.tell(ctx, Report{Status: "started", Description: "Configuring software"})
	return a.save()
}

// cutScripts are those that may have been running when the last attempt was
// killed: one of those that it had not got to the end of.
func cutScripts(last record.Record) map[string]bool {
	cut := map[string]bool{}
	for _, s := range last.Scripts {
		if last.Interrupted && s.Result == record.Pending {
			cut[s.Project+"/"+s.Spec+"/"+s.Name] = true
		}
	}
	return cut
}

func (a *Attempt) mode(last record.Record) string {
	switch {
	case a.Options.Mode != "":
		return a.Options.Mode
	case last.Ready != nil:
		return "maintenance"
	}
	return "install"
}

func (a *Attempt) phases(ctx context.Context) error {
	for _, p := range []struct {
		name, busy string
		work       func(context.Context) error
	}{
		{"configuration", "Fetching the configuration", a.configure},
		{"sync", "Asking the locker", a.sync},
		{"node", "Looking at this machine", a.node},
		{"chef", "Preparing Chef", a.chef},
		{"scripts", "Looking at the scripts", a.scripts},
	} {
		a.Console.Busy(p.busy)
		if err := a.phase(ctx, p.name, p.work); err != nil {
			return err
		}
	}
	return nil
}

// errNothing tells that a phase had nothing to do.
var errNothing = errors.New("nothing to do")

func (a *Attempt) phase(ctx context.Context, name string, work func(context.Context) error) error {
	a.record.Phases = append(a.record.Phases, record.Phase{Name: name, Result: record.Running})
	phase := &a.record.Phases[len(a.record.Phases)-1]
	began := a.now()
	err := work(ctx)
	phase.Duration = seconds(a.now().Sub(began))
	switch {
	case errors.Is(err, errNothing):
		phase.Result = record.Skipped
		return nil
	case err != nil:
		phase.Result = record.Failed
		return failure.Of(err, "Software configuration failed in phase "+name)
	}
	phase.Result = record.Done
	return nil
}

// working tells everyone that the running phase has something to do.
func (a *Attempt) working(ctx context.Context, description string) error {
	a.Console.Phase(description)
	a.info("%s", description)
	a.tell(ctx, Report{Status: "phase", Description: description})
	return a.save()
}

// end records how the attempt ended and says so everywhere.
func (a *Attempt) end(ctx context.Context, err error) error {
	now := a.now()
	a.record.Ended, a.record.Process = &now, nil
	if err == nil {
		a.record.Result, a.record.Error = record.Ready, nil
		if a.record.Ready == nil {
			a.record.Ready = &now
		}
		a.info("converge: ready after %s", console.Duration(now.Sub(*a.record.Started)))
		a.tell(ctx, Report{Status: "ready", Description: "Software is configured"})
		if err := a.save(); err != nil {
			return failure.Of(err, "Cannot record the result")
		}
		return nil
	}
	f := failure.Of(err, "Software configuration failed")
	a.record.Result = record.Failed
	a.record.Error = &record.Error{Description: f.Error(), Recommendation: f.Recommendation, Detail: f.Explanation()}
	a.complain(f)
	a.tell(ctx, Report{Status: cmp.Or(f.Status, "failed"), Description: f.Error(), Recommendation: f.Recommendation, Detail: f.Explanation()})
	if err := a.save(); err != nil {
		a.warn("cannot record the failure: %v", err)
	}
	return f
}

func (a *Attempt) save() error {
	if err := a.record.Write(a.Home.Run("converge.json")); err != nil {
		return fmt.Errorf("cannot write the record: %w", err)
	}
	return nil
}

// saveSoon writes the record as it is now, unless settle comes first: a record
// for each of many short scripts would cost more than they do.
func (a *Attempt) saveSoon() (settle func()) {
	text, path, done := a.record.JSON(), a.Home.Run("converge.json"), make(chan struct{})
	timer := time.AfterFunc(saveDelay, func() {
		defer close(done)
		_ = atomicfile.Write(path, text, 0o644) // the attempt's end writes it anew
	})
	return func() {
		if !timer.Stop() {
			<-done
		}
	}
}

const saveDelay = 500 * time.Millisecond

// Record is what happened so far.
func (a *Attempt) Record() record.Record { return a.record }

func seconds(d time.Duration) float64 { return float64(d.Milliseconds()) / 1000 }
