package script

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"jetpack.internal/shared/home"
	"jetpack.internal/shared/run"
)

const grace = 10 * time.Second // from TERM to KILL of a script that took too long

// Runner runs scripts.
type Runner struct {
	Home        home.Home
	Environment map[string]string
	Timeout     time.Duration // of one script; 0 is none
	Scope       *Scope        // that its processes live in
}

// Outcome is how a script ended.
type Outcome struct {
	run.Result
	Log  string // the file with the output
	Tail string // its end, plain
}

// OK tells that the script has succeeded.
func (o Outcome) OK() bool { return o.Status == 0 && !o.TimedOut }

// Why says how a script that failed has ended.
func (o Outcome) Why() string {
	switch {
	case o.TimedOut:
		return fmt.Sprintf("stopped after %s", o.Duration.Round(time.Second))
	case o.Signal != "":
		return "ended by " + o.Signal
	}
	return fmt.Sprintf("return code: %d", o.Status)
}

// Log is the file that takes the script's output.
func (r Runner) Log(s Script) string {
	return r.Home.Logs("cluster-init", s.Project, s.Spec, "scripts", s.Name+".out")
}

// Run runs the script to its end, in its folder, with nothing to read. Its
// output goes straight into the file, so that daemons it starts can go on
// writing. The error says that it could not be started.
func (r Runner) Run(ctx context.Context, s Script) (Outcome, error) {
	outcome := Outcome{Log: r.Log(s), Result: run.Result{Status: -1}}
	out, err := openOutput(outcome.Log)
	if err != nil {
		return outcome, fmt.Errorf("cannot open its output file: %w", err)
	}
	defer out.Close()
	if err := makeExecutable(s.Path); err != nil {
		return outcome, fmt.Errorf("cannot make it executable: %w", err)
	}
	stop := bound(ctx, out)
	outcome.Result, err = run.Run(ctx, run.Process{
		Path:            s.Path,
		Dir:             filepath.Dir(s.Path),
		Env:             append(s.environment(r.Environment, r.Home), label+"="+r.id(s)),
		Output:          out,
		Timeout:         r.Timeout,
		Grace:           grace,
		KeepDescendants: true,
		Started:         func(pid int) { r.Scope.add(pid, r.id(s)) },
	})
	stop()
	outcome.Tail = Tail(out)
	return outcome, err
}

// bound keeps the file from filling the disk while it is written, until stop.
func bound(ctx context.Context, out *os.File) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(boundInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				hollow(out)
			}
		}
	}()
	return func() { cancel(); <-done; hollow(out) }
}

const (
	boundInterval = 500 * time.Millisecond
	keepStart     = 1 << 20  // bytes of a long output's start that stay
	keepEnd       = 16 << 20 // bytes of its end
)
