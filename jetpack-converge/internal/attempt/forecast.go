package attempt

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jetpack.internal/jetpack-converge/internal/console"
	"jetpack.internal/jetpack-converge/internal/mirror"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/spec"
)

// Forecast is what an attempt would do.
type Forecast struct {
	Plans   []mirror.Plan
	RunList []string // what Chef would be given; empty when it would not run
	Scripts []ForecastScript
}

// ForecastScript is a script and what would become of it.
type ForecastScript struct{ Name, Action string }

// Foresee looks at everything that Run would look at and changes nothing.
func Foresee(ctx context.Context, h home.Home, o Options) (Forecast, error) {
	a := &Attempt{Home: h, Options: o}
	var f Forecast
	if err := a.read(); err != nil {
		return f, err
	}
	if !o.NoSync && len(a.specs) > 0 {
		var err error
		if f.Plans, err = Plans(ctx, h, a.specs, false); err != nil {
			return f, err
		}
	}
	if a.runsChef {
		f.RunList = a.runList
	}
	steps, _, err := Steps(h, a.specs, o.NoSync, o.Rerun)
	if err != nil {
		return f, err
	}
	f.Scripts = foreseeScripts(h, a.specs, f.Plans, steps)
	return f, nil
}

// foreseeScripts adds to the scripts that are there those that a download
// would bring, takes away those it would remove, and runs those it changes.
func foreseeScripts(h home.Home, specs []spec.Spec, plans []mirror.Plan, steps []Step) []ForecastScript {
	actions := map[string]string{}
	for _, step := range steps {
		actions[name(step.Script)] = "run"
		if step.Done {
			actions[name(step.Script)] = "skip"
		}
	}
	for i, s := range specs {
		for _, plan := range plans {
			if plan.Tree.Folder == specFolder(h, s) {
				foreseePlan(specs[i], plan, actions)
			}
		}
	}
	return inOrder(specs, actions)
}

func foreseePlan(s spec.Spec, plan mirror.Plan, actions map[string]string) {
	for _, file := range plan.Fetch {
		if base, ok := strings.CutPrefix(file.Path, "scripts/"); ok && !strings.Contains(base, "/") && (file.Mode&0o111 != 0 || actions[s.Folder()+"/"+base] != "") {
			actions[s.Folder()+"/"+base] = "run"
		}
	}
	for _, gone := range plan.Remove {
		if base, ok := strings.CutPrefix(gone, "scripts/"); ok {
			delete(actions, s.Folder()+"/"+base)
		}
	}
}

func inOrder(specs []spec.Spec, actions map[string]string) []ForecastScript {
	var list []ForecastScript
	for _, s := range specs {
		var names []string
		for name := range actions {
			if strings.HasPrefix(name, s.Folder()+"/") {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			list = append(list, ForecastScript{name, actions[name]})
		}
	}
	return list
}

// Summary is the forecast in one line.
func (f Forecast) Summary() string {
	var files, gone, run, skip int
	var bytes int64
	for _, p := range f.Plans {
		files, gone, bytes = files+len(p.Fetch), gone+len(p.Remove), bytes+p.Bytes
	}
	for _, s := range f.Scripts {
		if s.Action == "run" {
			run++
		} else {
			skip++
		}
	}
	return fmt.Sprintf("would download %s (%s), remove %d, run %s and skip %d",
		console.Count(files, "file"), console.Size(bytes), gone, console.Count(run, "script"), skip)
}
