// Package decision decides what becomes of the node. It touches nothing.
package decision

import (
	"fmt"
	"strings"
	"time"

	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/keepalive"
)

// Kind of a decision.
type Kind string

// The kinds.
const (
	None      Kind = "none"      // no check says that the node is unhealthy
	Striking  Kind = "striking"  // one does, and not often enough yet
	Withheld  Kind = "withheld"  // a keepalive holds
	Terminate Kind = "terminate" // evidence, then the request
)

// Decision is what becomes of the node.
type Decision struct {
	Kind    Kind
	Guilty  []status.Check    // the checks by which it is to be terminated
	Actions []settings.Action // beyond the request, in the order of the checks
	Checks  []Line            // every check in its order
	Reason  string            // one line for people
}

// Line says what one check contributes.
type Line struct {
	Name   string
	Counts bool // it is a reason to terminate
	Text   string
}

// Decide looks at the last results of all checks and the keepalive.
func Decide(checks []status.Check, s *settings.Settings, held keepalive.State) Decision {
	d := Decision{Kind: None, Reason: "no check says that the node is unhealthy"}
	striking := []string{}
	for _, c := range checks {
		limits := s.For(c.Name)
		line := Line{c.Name, c.Verdict == check.Bad && c.Strikes >= limits.Strikes, sentence(c, limits.Strikes)}
		d.Checks = append(d.Checks, line)
		switch {
		case line.Counts:
			d.Guilty = append(d.Guilty, c)
			d.add(limits.Action)
		case c.Verdict == check.Bad:
			striking = append(striking, c.Name)
		}
	}
	switch {
	case len(d.Guilty) > 0 && held.Active:
		d.Kind, d.Reason = Withheld, names(d.Guilty)+" would have the node terminated, but a keepalive holds"+until(held)
	case len(d.Guilty) > 0:
		d.Kind, d.Reason = Terminate, "unhealthy by "+names(d.Guilty)
	case len(striking) > 0:
		d.Kind, d.Reason = Striking, fmt.Sprintf("%q: unhealthy, but not often enough in a row yet", striking)
	}
	return d
}

// add adds an action once.
func (d *Decision) add(a settings.Action) {
	if a.Kind == settings.Request {
		return
	}
	for _, known := range d.Actions {
		if known.String() == a.String() {
			return
		}
	}
	d.Actions = append(d.Actions, a)
}

func sentence(c status.Check, strikes int) string {
	text := fmt.Sprintf("%s since %s: %s", c.Verdict, c.Since.Local().Format(time.DateTime), c.Reason)
	switch {
	case c.Verdict == check.Unknown:
		return text + "; never a reason to terminate"
	case c.Verdict == check.Bad && strikes > 1:
		return text + fmt.Sprintf("; %d times in a row, and %d are needed", c.Strikes, strikes)
	}
	return text
}

func names(checks []status.Check) string {
	var quoted []string
	for _, c := range checks {
		quoted = append(quoted, fmt.Sprintf("%q", c.Name))
	}
	return strings.Join(quoted, ", ")
}

func until(held keepalive.State) string {
	switch {
	case held.Problem != "":
		return " (" + held.Problem + ")"
	case held.Forever:
		return " forever"
	}
	return " until " + held.Until.UTC().Format(time.RFC3339)
}

// Key names the checks and since when they say so: as long as it stays the
// same, the server needs to be shown no evidence again.
func (d Decision) Key() string {
	var parts []string
	for _, c := range d.Guilty {
		parts = append(parts, fmt.Sprintf("%q since %s", c.Name, c.Since.UTC().Format(time.RFC3339Nano)))
	}
	return strings.Join(parts, ", ")
}
