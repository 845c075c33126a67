// Package rounds runs all checks of a node once.
package rounds

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"jetpack.internal/healthcheckd/internal/builtin"
	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/healthcheckd/internal/threads"
	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/check"
)

// Round is what a round needs to know.
type Round struct {
	Folder   string // of the user's checks
	Runner   *check.Runner
	Settings *settings.Settings
	Builtin  func() []check.Result

	// Due tells whether a check that has an interval of its own is to run now;
	// nil is always.
	Due func(name string, interval time.Duration) bool
}

// Run runs the built-in checks, then the user's in lexicographic order, as
// many at once as the settings say. It fails when the folder cannot be read
// (then the built-in results are there all the same) or ctx has ended (then
// there are none).
func (r *Round) Run(ctx context.Context) ([]status.Outcome, error) {
	defer r.Runner.Tidy()
	files, unreadable := check.Find(r.Folder)
	var outcomes []status.Outcome
	for _, result := range r.Builtin() {
		outcomes = append(outcomes, status.Outcome{Result: result})
	}
	fixed := len(outcomes)
	outcomes = append(outcomes, make([]status.Outcome, len(files))...)
	limits := make([]settings.Limits, len(files))
	for i, file := range files {
		limits[i] = r.Settings.For(file.Name)
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	atOnce := min(r.Settings.Concurrency, len(files))
	threads.Keep(atOnce)
	for range atOnce {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(files); i = int(next.Add(1)) - 1 {
				outcomes[fixed+i] = r.one(ctx, files[i], limits[i])
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return outcomes, unreadable
}

func (r *Round) one(ctx context.Context, file check.File, limits settings.Limits) status.Outcome {
	for _, taken := range builtin.Names() {
		if file.Name == taken {
			return status.Outcome{Result: check.Result{
				Name: "./" + file.Name, Verdict: check.Unknown, Reason: "not run: the name is that of a built-in check",
			}}
		}
	}
	if r.Due != nil && limits.Interval > 0 && !r.Due(file.Name, limits.Interval) {
		return status.Outcome{Result: check.Result{Name: file.Name}, Skipped: true}
	}
	return status.Outcome{Result: r.Runner.Run(ctx, file, limits.Timeout)}
}

// DueBy tells by what is known of the checks whether one is due: a tenth of
// its interval early counts, as rounds do not fall on the second.
func DueBy(state *status.State, now boot.Moment) func(string, time.Duration) bool {
	return func(name string, interval time.Duration) bool {
		known := state.Find(name)
		if known == nil {
			return true
		}
		since, found := known.Ran.Since(now)
		return !found || since < 0 || since >= interval-interval/10
	}
}
