// Package check finds health checks, runs one and judges it.
package check

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jetpack.internal/shared/run"
)

// Unhealthy is the exit status by which a check says that the node is to be
// terminated.
const Unhealthy = 254

// Verdict is what a check says about the node.
type Verdict string

// The verdicts. Only Bad ever leads to a termination.
const (
	Good    Verdict = "healthy"
	Bad     Verdict = "unhealthy"
	Unknown Verdict = "unknown" // the check itself failed
)

// Worst is the verdict about the node of checks with these verdicts.
func Worst(verdicts ...Verdict) Verdict {
	worst := Good
	for _, v := range verdicts {
		if v == Bad {
			return Bad
		}
		if v != Good {
			worst = Unknown
		}
	}
	return worst
}

// Result is what one run of a check came to.
type Result struct {
	Name      string        `json:"name"`
	Verdict   Verdict       `json:"verdict"`
	Status    *int          `json:"exit_status"` // null if it has none
	Signal    *string       `json:"signal"`      // as "SIGKILL"; null if none
	TimedOut  bool          `json:"timed_out"`
	Seconds   float64       `json:"duration_s"`
	Output    string        `json:"output"` // the tail, harmless to print
	Leftovers int           `json:"leftovers"`
	Reason    string        `json:"reason"` // of the verdict, one line for people; may quote what is not ours
	Duration  time.Duration `json:"-"`
}

// Runner runs checks.
type Runner struct {
	Supervisor *run.Supervisor
	Scratch    string   // the folder of the working folders, where it can be written to
	Env        []string // the whole environment
	Tail       int      // bytes of output that are kept; 0 is 4096
	Grace      time.Duration

	folders scratch
}

// Tidy removes the working folders that are kept for further checks.
func (r *Runner) Tidy() { r.folders.remove() }

const defaultTail = 4096

// Run runs a check to its end or the time-out and judges it. It never fails:
// what keeps a check from running is the reason of an unknown verdict. When
// ctx ends meanwhile, the result is to be thrown away.
func (r *Runner) Run(ctx context.Context, f File, timeout time.Duration) Result {
	result := Result{Name: f.Name, Verdict: Unknown}
	if f.Problem != "" {
		result.Reason = f.Problem
		return result
	}
	real, err := Trusted(f.Path)
	if err != nil {
		result.Reason = err.Error()
		return result
	}
	dir, err := r.folders.lend(r.Scratch)
	if err != nil {
		result.Reason = fmt.Sprintf("cannot make its working folder: %v", err)
		return result
	}
	tail := run.NewTail(max(r.Tail, 0))
	if r.Tail == 0 {
		tail = run.NewTail(defaultTail)
	}
	ended, err := r.Supervisor.Run(ctx, run.Process{
		Path: real, Name: f.Path, Dir: dir.path, Env: r.Env, Output: tail, Timeout: timeout, Grace: r.Grace,
	})
	if err == nil && ended.Leftovers == 0 {
		r.folders.takeBack(dir)
	} else {
		discard(dir.path) // one may still be on its way out of it
	}
	result.take(ended, tail)
	result.Verdict, result.Reason = judge(ended, err, timeout, tail.String())
	return result
}

func (r *Result) take(ended run.Result, tail *run.Tail) {
	if ended.Signal != "" {
		r.Signal = &ended.Signal
	} else if ended.Status >= 0 {
		r.Status = &ended.Status
	}
	r.TimedOut, r.Leftovers = ended.TimedOut, ended.Leftovers
	r.Duration, r.Seconds = ended.Duration, ended.Duration.Round(time.Microsecond).Seconds()
	r.Output = harmless(tail.String())
	if n := tail.Dropped(); n > 0 {
		r.Output = fmt.Sprintf("[%d bytes before this are left out]\n", n) + r.Output
	}
}

func judge(r run.Result, err error, timeout time.Duration, output string) (Verdict, string) {
	switch {
	case err != nil:
		return Unknown, err.Error()
	case r.TimedOut:
		return Unknown, fmt.Sprintf("timed out after %s", timeout)
	case r.Signal != "":
		return Unknown, "ended by signal " + r.Signal
	case r.Status == 0:
		return Good, "exit status 0"
	case r.Status == Unhealthy && cannotFork(output):
		return Unknown, "exit status 254 of a shell that could not start a process, which is not about the node"
	case r.Status == Unhealthy && r.Refused > 0:
		return Unknown, "exit status 254 while a limit on processes (TasksMax= of the service) was reached: bash ends so when it can start none"
	case r.Status == Unhealthy:
		return Bad, "exit status 254"
	case r.Status < 0:
		return Unknown, "ended without an exit status"
	}
	return Unknown, fmt.Sprintf("exit status %d, which is neither 0 (healthy) nor 254 (unhealthy)", r.Status)
}

// cannotFork tells whether bash complains that fork(2) has failed, for want of
// memory or for a limit on processes. It then ends with 126|128, which is 254:
// a healthy check would have the node terminated.
func cannotFork(output string) bool {
	for line := range strings.Lines(output) {
		if _, cause, found := strings.Cut(line, ": fork: "); found && !strings.HasPrefix(cause, "retry: ") {
			return true
		}
	}
	return false
}

// harmless shows what could steer a terminal as escapes, and what is not UTF-8
// as U+FFFD. Lines and tabs stay.
func harmless(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if !strings.ContainsFunc(s, steers) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if steers(r) {
			fmt.Fprintf(&b, `\x%02x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func steers(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0
}
