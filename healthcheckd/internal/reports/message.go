package reports

import (
	"fmt"
	"strings"
	"time"

	"jetpack.internal/healthcheckd/internal/decision"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/keepalive"
)

// Health is the data of a message of the type health.
type Health struct {
	Verdict   check.Verdict         `json:"verdict"`
	Evidence  bool                  `json:"evidence"` // a request to terminate follows
	Decision  decision.Kind         `json:"decision"`
	Reason    string                `json:"reason"`
	Changed   []string              `json:"changed"` // checks whose verdict is news, removed ones too
	Counts    map[check.Verdict]int `json:"counts"`
	Checks    []Check               `json:"checks"` // those that are news or not healthy
	Omitted   int                   `json:"omitted,omitempty"`
	Keepalive Keepalive             `json:"keepalive"`
	Round     status.Round          `json:"round"`
}

// Check is a check in a message.
type Check struct {
	check.Result
	Since   time.Time `json:"since"`
	Strikes int       `json:"strikes,omitempty"`
}

// Keepalive is a keepalive as messages and --json tell it.
type Keepalive struct {
	Active  bool       `json:"active"`
	Until   *time.Time `json:"until"` // null without an end
	Forever bool       `json:"forever"`
	Reason  string     `json:"reason"`
	Problem string     `json:"problem,omitempty"`
}

// KeepaliveOf tells a keepalive.
func KeepaliveOf(s keepalive.State) Keepalive {
	k := Keepalive{Active: s.Active, Forever: s.Forever, Reason: s.Reason, Problem: s.Problem}
	if !s.Until.IsZero() {
		until := s.Until.UTC().Truncate(time.Second)
		k.Until = &until
	}
	return k
}

// Shutdown is the data of a message of the type shutdown: the request that
// the server terminate this node.
type Shutdown struct {
	Reason  string    `json:"reason"` // always "unhealthy"
	Checks  []string  `json:"checks"`
	Message string    `json:"message"`
	Since   time.Time `json:"since"`
	Expires time.Time `json:"expires"`
}

const (
	maxChecks = 50   // in one message
	maxOutput = 2000 // bytes of a check's output in a message
)

// health makes the message of a round's end.
func health(state *status.State, d decision.Decision, held keepalive.State, changed map[string]bool) Health {
	h := Health{
		Verdict: state.Verdict, Decision: d.Kind, Reason: d.Reason, Changed: []string{}, Counts: map[check.Verdict]int{},
		Checks: []Check{}, Keepalive: KeepaliveOf(held), Round: state.Round,
	}
	for _, c := range state.Checks {
		h.Counts[c.Verdict]++
		if changed[c.Name] {
			h.Changed = append(h.Changed, c.Name)
		}
		if !changed[c.Name] && c.Verdict == check.Good {
			continue
		}
		if len(h.Checks) == maxChecks {
			h.Omitted++
			continue
		}
		c.Output = tail(c.Output)
		h.Checks = append(h.Checks, Check{c.Result, c.Since, c.Strikes})
	}
	return h
}

// tail is the end of a text, from a whole character on.
func tail(text string) string {
	if len(text) <= maxOutput {
		return text
	}
	return "…" + strings.ToValidUTF8(text[len(text)-maxOutput:], "")
}

// line is what the server's log says of one check.
func line(c status.Check) string {
	text := fmt.Sprintf("health check %q is %s since %s: %s", c.Name, c.Verdict, c.Since.UTC().Format(time.RFC3339), c.Reason)
	if c.Leftovers > 0 {
		text += fmt.Sprintf(" (it left %d processes behind)", c.Leftovers)
	}
	if c.Verdict != check.Good && strings.TrimSpace(c.Output) != "" {
		text += "; its output ended: " + tail(strings.TrimSpace(c.Output))
	}
	return text
}
