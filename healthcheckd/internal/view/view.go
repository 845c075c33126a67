// Package view shows what HealthCheck knows, to people and to programs.
package view

import (
	"encoding/json"
	"io"
	"time"

	"jetpack.internal/healthcheckd/internal/reports"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/keepalive"
)

// View is the answer of `once` and `status`. Its JSON form is stable.
type View struct {
	Verdict   check.Verdict     `json:"verdict"` // "unknown" before the first round
	Checks    []Check           `json:"checks"`
	Keepalive reports.Keepalive `json:"keepalive"`
	NextRound *time.Time        `json:"next_round"` // null while the service does not run
	Server    status.Server     `json:"server"`
	Round     *status.Round     `json:"round"`   // null before the first
	Running   bool              `json:"running"` // the service
	Problems  []string          `json:"problems"`

	held keepalive.State
}

// Check is one check in a view.
type Check struct {
	check.Result
	Since   *time.Time `json:"since"` // null if the state does not know
	LastRun *time.Time `json:"last_run"`
	Strikes int        `json:"strikes"`
}

// Of is the view of a state. The keepalive is the present one.
func Of(s *status.State, held keepalive.State, now boot.Moment, running bool) View {
	v := View{
		Verdict: s.Verdict, Checks: []Check{}, Keepalive: reports.KeepaliveOf(held), Server: s.Server,
		Running: running, Problems: append([]string{}, s.Problems...), held: held,
	}
	if s.Round.Number > 0 {
		v.Round = &s.Round
	} else {
		v.Verdict = check.Unknown
	}
	if s.Next != nil && running {
		at := s.Next.At
		if left, ok := s.Next.Mark.Since(now); ok {
			at = now.Wall.Add(-left).UTC().Truncate(time.Second)
		}
		v.NextRound = &at
	}
	for _, c := range s.Checks {
		v.Checks = append(v.Checks, Check{c.Result, moment(c.Since), moment(c.LastRun), c.Strikes})
	}
	return v
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// JSON writes the stable form.
func (v View) JSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	return encoder.Encode(v)
}
