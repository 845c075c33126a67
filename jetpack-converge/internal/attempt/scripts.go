package attempt

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/mirror"
	"jetpack.internal/jetpack-converge/internal/record"
	"jetpack.internal/jetpack-converge/internal/script"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/journal"
	"jetpack.internal/shared/spec"
)

// Step is a script and whether it is to run.
type Step struct {
	script.Script
	Digest string
	Done   bool // it has succeeded with this content, and is not to run again
}

// markers is where the truth about scripts is kept: on the disk that holds
// home, which lives as long as the node does.
func markers(h home.Home) script.Markers { return script.Markers(h.Run("cluster-init")) }

// Steps are the scripts of the specs in their order, and the names of files
// beside them that are none. Without sync, what lies in a folder counts; else
// only what came from the locker does: scripts download installers.
func Steps(h home.Home, specs []spec.Spec, noSync bool, rerun *string) (steps []Step, ignored []string, err error) {
	for _, s := range specs {
		folder := specFolder(h, s)
		known := mirror.Names(folder)
		scripts, others, err := script.List(filepath.Join(folder, "scripts"), func(name string) bool {
			return noSync || known == nil || known["scripts/"+name]
		})
		if err != nil {
			return nil, nil, err
		}
		for _, name := range others {
			ignored = append(ignored, s.Project+"/"+s.Name+"/scripts/"+name)
		}
		for _, found := range scripts {
			found.Project, found.Version, found.Spec = s.Project, s.Version, s.Name
			step, err := look(markers(h), found, rerun)
			if err != nil {
				return nil, nil, err
			}
			steps = append(steps, step)
		}
	}
	return steps, ignored, nil
}

func look(m script.Markers, s script.Script, rerun *string) (Step, error) {
	digest, err := s.Digest()
	if err != nil {
		return Step{}, err
	}
	done, err := m.Done(s, digest)
	return Step{s, digest, done && !s.Matches(rerun)}, err
}

// scripts runs what has not succeeded yet, and stops at the first failure.
func (a *Attempt) scripts(ctx context.Context) error {
	if err := markers(a.Home).Show(filepath.Join(a.Home.ClusterInit, ".run")); err != nil {
		return fmt.Errorf("cannot show the markers: %w", err)
	}
	steps, ignored, err := Steps(a.Home, a.specs, a.Options.NoSync, a.Options.Rerun)
	if err != nil {
		return fmt.Errorf("cannot look at the scripts: %w", err)
	}
	for _, name := range ignored {
		a.info("%s is not a script", name)
	}
	runner, err := a.runner()
	if err != nil {
		return err
	}
	if err := a.list(runner, steps); err != nil {
		return err
	}
	if len(steps) == count(a.record.Scripts, record.Skipped) {
		return errNothing
	}
	if err := a.working(ctx, "Running cluster-init scripts"); err != nil {
		return err
	}
	runner.Scope = script.OpenScope()
	defer runner.Scope.Close()
	if name := runner.Scope.Name(); name != "" {
		a.info("what the scripts start lives in %s", name)
	}
	for i, step := range steps {
		if err := a.step(ctx, runner, step, &a.record.Scripts[i]); err != nil {
			return err
		}
	}
	return nil
}

// list records the scripts as they are before the first one runs.
func (a *Attempt) list(runner script.Runner, steps []Step) error {
	a.record.Scripts = make([]record.Script, len(steps))
	var skipped []string
	for i, step := range steps {
		result := record.Pending
		if step.Done {
			result = record.Skipped
			skipped = append(skipped, "Script "+name(step.Script)+" has already run successfully, skipping")
		} else if err := markers(a.Home).Forget(step.Script); err != nil {
			return fmt.Errorf("cannot forget that %s has run: %w", name(step.Script), err)
		}
		a.record.Scripts[i] = record.Script{
			Project: step.Project, Version: step.Version, Spec: step.Spec, Name: step.Name,
			Result: result, Log: runner.Log(step.Script),
		}
	}
	_ = a.Log.LogAll(journal.Info, skipped) // as log does
	return nil
}

func name(s script.Script) string { return s.Project + "/" + s.Spec + "/" + s.Name }

func (a *Attempt) runner() (script.Runner, error) {
	timeout := a.Options.ScriptTimeout
	if timeout == 0 {
		var err error
		if timeout, err = duration(a.tree, "cyclecloud.converge.script_timeout"); err != nil {
			return script.Runner{}, wrong("Cannot understand the configuration", err)
		}
	}
	environment := script.Environment(a.Home)
	environment["JETPACK_CONVERGE_MODE"] = a.record.Mode
	return script.Runner{Home: a.Home, Environment: environment, Timeout: timeout}, nil
}

// step runs one script. Its marker is on the disk before the next one starts.
func (a *Attempt) step(ctx context.Context, runner script.Runner, step Step, entry *record.Script) error {
	if step.Done {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if a.cut[name(step.Script)] {
		if n := runner.StopLeftovers(ctx, step.Script); n > 0 {
			a.warn("stopped %d processes that an interrupted run of %s had left", n, name(step.Script))
		}
	}
	a.Console.Script(name(step.Script))
	a.info("running script %s", name(step.Script))
	settle := a.saveSoon()
	outcome, err := runner.Run(ctx, step.Script)
	settle()
	entry.Duration = seconds(outcome.Duration)
	if outcome.Status >= 0 {
		entry.Status = &outcome.Status
	}
	if outcome.Signal == "SIGTERM" && !outcome.TimedOut {
		awaitEnd(ctx)
	}
	if err != nil || !outcome.OK() {
		entry.Result = record.Failed
		a.Console.ScriptEnded(name(step.Script), "failed", outcome.Duration)
		return scriptFailure(step.Script, outcome, err)
	}
	if err := markers(a.Home).Set(step.Script, script.Marker{Digest: step.Digest, At: a.now()}); err != nil {
		entry.Result = record.Failed
		return fmt.Errorf("cannot remember that %s has succeeded: %w", name(step.Script), err)
	}
	entry.Result = record.Ran
	a.info("script %s succeeded after %s", name(step.Script), outcome.Duration.Round(time.Millisecond))
	a.Console.ScriptEnded(name(step.Script), "ok", outcome.Duration)
	return nil
}

// awaitEnd gives the signal that may have ended a script the time to reach
// this process too: a machine that shuts down sends it to both, and then the
// script has not failed.
func awaitEnd(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
	}
}

func scriptFailure(s script.Script, outcome script.Outcome, err error) error {
	f := &failure.Error{
		Description: fmt.Sprintf("Failed to execute cluster-init script '%s' in project '%s' (%s)", s.Name, s.Project, outcome.Why()),
		Recommendation: fmt.Sprintf("Spec %s, version %s: see %s, correct the script, then run `jetpack converge` again: it resumes at this script",
			s.Spec, s.Version, outcome.Log),
		Detail: outcome.Tail,
	}
	if err != nil {
		f.Description = fmt.Sprintf("Failed to execute cluster-init script '%s' in project '%s'", s.Name, s.Project)
		f.Cause = err
	} else if outcome.Tail == "" {
		f.Detail = "(the script printed nothing)"
	}
	return noteRoom(f, outcome.Log)
}
