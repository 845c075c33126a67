package attempt

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"jetpack.internal/jetpack-converge/internal/console"
	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/mirror"
	"jetpack.internal/jetpack-converge/internal/project"
)

// sync downloads what the specs' folders lack. All downloads come before the
// first change: a locker that fails leaves every old tree.
func (a *Attempt) sync(ctx context.Context) error {
	if len(a.specs) == 0 {
		return errNothing
	}
	if a.Options.NoSync {
		return cmp.Or(a.doubt(), errNothing)
	}
	plans, err := Plans(ctx, a.Home, a.specs, true)
	if err != nil {
		return err
	}
	var changed []mirror.Plan
	var files int
	var bytes int64
	for _, plan := range plans {
		if !plan.Empty() {
			changed = append(changed, plan)
			files, bytes = files+len(plan.Fetch), bytes+plan.Bytes
		} else if plan.Read {
			a.info("%s: the content of %s was checked after the restart of the machine", plan.Tree.Folder, console.Count(len(plan.Keep), "file"))
			if err := mirror.Trust(plan); err != nil {
				return fmt.Errorf("cannot note that %s is whole: %w", plan.Tree.Folder, err)
			}
		}
	}
	if len(changed) == 0 {
		a.info("nothing to download: %s up to date", console.Count(len(a.specs), "spec"))
		return errNothing
	}
	if err := a.working(ctx, "Downloading projects"); err != nil {
		return err
	}
	a.askAgain(ctx)
	a.Console.Download(files, bytes)
	if err := a.apply(ctx, changed); err != nil {
		return explainSync(err)
	}
	a.info("downloaded %s, %s", console.Count(files, "file"), console.Size(bytes))
	return nil
}

// doubt looks at trees that are not compared with their lockers after a restart
// of the machine: a script that a power cut has emptied would succeed, and never
// run again.
func (a *Attempt) doubt() error {
	for _, s := range a.specs {
		for _, folder := range []string{specFolder(a.Home, s), chefFolder(a.Home, s)} {
			doubtful, damaged := mirror.Doubt(folder)
			if len(damaged) > 0 {
				return &failure.Error{
					Description: fmt.Sprintf("%s of project '%s' (spec %s) lost their content, as in a power cut: %s",
						console.Count(len(damaged), "file"), s.Project, s.Name, damaged[0]),
					Recommendation: "Run `jetpack converge` without --no-sync: it fetches what is damaged",
					Detail:         folder + ": " + strings.Join(damaged, ", "),
				}
			}
			if doubtful {
				a.warn("the machine was restarted since %s was laid out: with --no-sync, its content is not checked", folder)
			}
		}
	}
	return nil
}

func (a *Attempt) apply(ctx context.Context, plans []mirror.Plan) error {
	if err := mirror.CheckSpace(plans); err != nil {
		return err
	}
	if err := mirror.Fetch(ctx, plans, arrivals{a.Console}); err != nil {
		return err
	}
	for _, plan := range plans {
		if err := mirror.Build(plan); err != nil {
			return fmt.Errorf("cannot lay out %s: %w", plan.Tree.Folder, err)
		}
	}
	for _, plan := range plans {
		if err := mirror.Swap(plan.Tree); err != nil {
			return fmt.Errorf("cannot put %s in place: %w", plan.Tree.Folder, err)
		}
		a.info("%s: %s new, %d gone, %d kept", plan.Tree.Folder, console.Count(len(plan.Fetch), "file"), len(plan.Remove), len(plan.Keep))
	}
	return nil
}

func explainSync(err error) error {
	f := project.Explain(err)
	if failure.IsFull(err) {
		f.Recommendation = "Free space on the disk, or choose a larger one; nothing was changed, and what was downloaded is kept"
	}
	return f
}

// arrivals shows a download's progress.
type arrivals struct{ console console.Console }

func (a arrivals) Bytes(n int64)                  { a.console.Arrived(0, n) }
func (a arrivals) File(*mirror.Tree, mirror.File) { a.console.Arrived(1, 0) }
