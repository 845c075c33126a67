// Package status is what HealthCheck knows from one round to the next, on the
// disk, so that neither a restart nor a reboot forgets it.
package status

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"jetpack.internal/healthcheckd/internal/builtin"
	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/openfile"
)

// State is the content of run/health.json.
type State struct {
	Verdict  check.Verdict  `json:"verdict"` // of the last round; "" before the first
	Checks   []Check        `json:"checks"`  // in their order
	Round    Round          `json:"round"`
	Next     *Next          `json:"next,omitempty"` // null while nothing is planned
	Server   Server         `json:"server"`
	Evidence *Evidence      `json:"evidence,omitempty"` // null while the node is not to be terminated
	Launch   builtin.Launch `json:"launch"`
	Service  *Service       `json:"service,omitempty"` // the one that wrote this
	Told     *time.Time     `json:"told,omitempty"`    // the last health message
	Decision string         `json:"decision"`          // as it was told
	Problems []string       `json:"problems,omitempty"`
}

// Check is what is known of one check.
type Check struct {
	check.Result
	Since     time.Time `json:"since"` // when the verdict became what it is
	LastRun   time.Time `json:"last_run"`
	Strikes   int       `json:"strikes"` // how often in a row it said unhealthy
	Runs      int64     `json:"runs_total"`
	Timeouts  int64     `json:"timeouts_total"`
	Remaining int64     `json:"leftovers_total"` // processes it left behind
	Ran       Mark      `json:"ran"`
	Told      string    `json:"told,omitempty"` // what the server was told of it
}

// Mark is a moment by the boot-time clock.
type Mark struct {
	Boot string  `json:"boot_id,omitempty"`
	Up   float64 `json:"up_s"`
}

// MarkOf is the mark of a moment.
func MarkOf(now boot.Moment) Mark { return Mark{now.Boot, now.Up.Seconds()} }

// Since is the time from the mark to now; found is false when the mark is of
// another boot, or none.
func (m Mark) Since(now boot.Moment) (since time.Duration, found bool) {
	if m.Boot == "" || m.Boot != now.Boot {
		return 0, false
	}
	return now.Up - time.Duration(m.Up*float64(time.Second)), true
}

// Round is one run of all checks.
type Round struct {
	Number  int64     `json:"number"` // counted from 1; 0 before the first
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
}

// Next is when the next round begins.
type Next struct {
	At   time.Time `json:"at"` // as the wall clock stood when it was planned
	Mark Mark      `json:"mark"`
}

// Server is how the last attempts to reach the server ended.
type Server struct {
	Contact *time.Time `json:"contact"` // the last confirmation; null if never
	Error   string     `json:"error,omitempty"`
	Queued  int        `json:"queued"`          // messages in the outbox
	Request *time.Time `json:"request"`         // the last request to terminate that was confirmed
	Local   bool       `json:"local,omitempty"` // there is no server: messages go to a file
}

// Evidence is what the server was told before it is asked to terminate.
type Evidence struct {
	Key       string `json:"key"`       // which checks, since when
	Confirmed bool   `json:"confirmed"` // not merely queued
}

// Service is a running service.
type Service struct {
	PID     int       `json:"pid"`
	Boot    string    `json:"boot_id"`
	Started time.Time `json:"started"`
	Version string    `json:"version"`
}

const maxState = 256 << 20 // bytes: 10,000 checks with their output

// Load reads the state; a file that is missing is the zero State. After an
// error the state is the zero one, too: forgetting strikes ends no node.
func Load(path string) (State, error) {
	file, err := openfile.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, nil
	}
	if err != nil {
		return State{}, fmt.Errorf("cannot read the health status: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxState))
	if err != nil {
		return State{}, fmt.Errorf("cannot read the health status: %w", err)
	}
	var s State
	if err := json.Unmarshal(text, &s); err != nil {
		return State{}, fmt.Errorf("cannot understand the health status %s: %w", path, err)
	}
	return s, nil
}

// Save writes the state, whole or not at all.
func (s *State) Save(path string) error {
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("cannot write the health status: %w", err)
	}
	return atomicfile.Write(path, append(text, '\n'), 0o640)
}

// Find is what is known of the check of that name, nil if nothing.
func (s *State) Find(name string) *Check {
	for i := range s.Checks {
		if s.Checks[i].Name == name {
			return &s.Checks[i]
		}
	}
	return nil
}

// Again is what would be known of the checks if they said once more what they
// have said.
func (s *State) Again() []Check {
	again := append([]Check{}, s.Checks...)
	for i := range again {
		if again[i].Verdict == check.Bad {
			again[i].Strikes++
		}
	}
	return again
}

// Take makes the results of a round the state. A check that was not due keeps
// what is known of it; one that is not among the results is forgotten.
func (s *State) Take(results []Outcome, started, ended boot.Moment) {
	known := make(map[string]Check, len(s.Checks))
	for _, c := range s.Checks {
		known[c.Name] = c
	}
	s.Checks = make([]Check, 0, len(results))
	verdicts := make([]check.Verdict, 0, len(results))
	for _, outcome := range results {
		before, found := known[outcome.Result.Name]
		if !outcome.Skipped || !found {
			before = before.after(outcome.Result, ended)
		}
		s.Checks = append(s.Checks, before)
		verdicts = append(verdicts, before.Verdict)
	}
	s.Verdict = check.Worst(verdicts...)
	s.Round = Round{s.Round.Number + 1, started.Wall.UTC(), ended.Wall.UTC()}
}

// Outcome is a check's result in a round.
type Outcome struct {
	Result  check.Result
	Skipped bool // it was not due; only the name is set
}

func (c Check) after(r check.Result, now boot.Moment) Check {
	if c.Verdict != r.Verdict {
		c.Since = now.Wall.UTC()
	}
	c.Result = r
	c.LastRun, c.Ran = now.Wall.UTC(), MarkOf(now)
	c.Runs++
	c.Remaining += int64(r.Leftovers)
	if r.TimedOut {
		c.Timeouts++
	}
	if r.Verdict == check.Bad {
		c.Strikes++
	} else {
		c.Strikes = 0
	}
	return c
}
