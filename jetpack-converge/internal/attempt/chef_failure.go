package attempt

import (
	"fmt"
	"os"
	"strings"

	"jetpack.internal/jetpack-converge/internal/chef"
	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/script"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/spec"
)

// Rebooting is the status of a failure that a restart of the node mends.
const Rebooting = "rebooting"

// chefFailure tells which recipe failed, of which project, where and why. The
// output of the run begins in the log behind from.
func (a *Attempt) chefFailure(r chef.Repository, o script.Outcome, log *os.File, from int64) error {
	output := script.Plain(chef.Since(log, from))
	trouble := chef.Explain(output)
	f := &failure.Error{Description: chef.Meaning(o.Status), Recommendation: "See " + o.Log, Detail: trouble.Detail}
	switch {
	case o.Status == chef.RebootScheduled:
		f.Recommendation = "Chef restarts the node, which goes on converging then; if it does not, restart it"
	case o.Status == chef.RebootNeeded:
		f.Recommendation = "Restart the node; it goes on converging then"
	case f.Description == "":
		a.blame(f, r, o, trouble)
	}
	if o.Status == chef.RebootScheduled || o.Status == chef.RebootNeeded {
		f.Status = Rebooting
		f.Detail = trouble.Reason
		f.Cause = exit.Errorf(exit.Temporary, "the converge goes on after it")
	}
	if f.Detail == "" && output != "" {
		f.Detail = script.Tail(log)
	}
	return noteRoom(f, o.Log)
}

// blame describes a failure by what Chef's output says of it.
func (a *Attempt) blame(f *failure.Error, r chef.Repository, o script.Outcome, t chef.Trouble) {
	f.Description = "Chef failed (" + o.Why() + ")"
	reason := t.Reason
	stopped := o.TimedOut || o.Signal != ""
	if stopped {
		reason = o.Why()
	}
	s, known := a.specOf(r, t.Cookbook)
	if t.Cookbook != "" {
		f.Description = "Failed to run Chef " + culprit(t)
		if known {
			f.Description += fmt.Sprintf(" in project '%s'", s.Project)
		}
		if at := circumstance(t); at != "" {
			f.Description += " (" + at + ")"
		}
	}
	if reason != "" && (t.Cookbook != "" || !stopped) {
		f.Description += ": " + short(reason)
	}
	switch {
	case known:
		f.Recommendation = fmt.Sprintf("Spec %s, version %s: see %s, correct %s of cookbook %s, then run `jetpack converge` again",
			s.Name, s.Version, o.Log, t.File, t.Cookbook)
	case t.Detail != "":
		f.Recommendation = fmt.Sprintf("Check the run list (%s) against the chef folders of the specs; see %s", strings.Join(a.runList, ", "), o.Log)
	}
	if o.TimedOut {
		f.Recommendation += ", or allow more time with cyclecloud.converge.chef_timeout (seconds)"
	}
}

func culprit(t chef.Trouble) string {
	if recipe := t.Recipe(); recipe != "" {
		return "recipe '" + recipe + "'"
	}
	return fmt.Sprintf("cookbook '%s', %s", t.Cookbook, t.File)
}

// circumstance is where in the recipe it was.
func circumstance(t chef.Trouble) string {
	switch {
	case t.Resource != "":
		return t.Resource + ", action " + t.Action
	case t.Line != "" && t.Code != "":
		return "line " + t.Line + ": " + short(t.Code)
	case t.Line != "":
		return "line " + t.Line
	}
	return ""
}

const maxShort = 160 // characters of one part of a description

// short is the start of a text that may be long.
func short(text string) string {
	if runes := []rune(text); len(runes) > maxShort {
		return strings.TrimSpace(string(runes[:maxShort])) + "…"
	}
	return text
}

// specOf is the spec that a cookbook comes from.
func (a *Attempt) specOf(r chef.Repository, cookbook string) (spec.Spec, bool) {
	folder, found := r.Source(cookbook)
	for _, s := range a.specs {
		if found && folder == chefFolder(a.Home, s) {
			return s, true
		}
	}
	return spec.Spec{}, false
}
