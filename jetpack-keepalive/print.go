package main

import (
	"encoding/json"
	"fmt"
	"time"

	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/keepalive"
)

// answer is the --json form, which is stable.
type answer struct {
	Active  bool       `json:"active"`
	Until   *time.Time `json:"until"` // UTC; null without an end
	Forever bool       `json:"forever"`
	Reason  string     `json:"reason"`
	Problem string     `json:"problem,omitempty"`
	Kept    bool       `json:"kept,omitempty"` // it is longer than what was asked for, and stays
}

func (c *command) print(io cli.IO, s keepalive.State, kept bool) error {
	if !c.JSON {
		_, err := fmt.Fprintln(io.Out, sentence(s))
		return err
	}
	a := answer{Active: s.Active, Forever: s.Forever, Reason: s.Reason, Problem: s.Problem, Kept: kept}
	if !s.Until.IsZero() {
		until := s.Until.UTC().Truncate(time.Second)
		a.Until = &until
	}
	encoder := json.NewEncoder(io.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	return encoder.Encode(a)
}

// sentence says what holds, for people, in local time.
func sentence(s keepalive.State) string {
	text := "Not kept alive: HealthCheck may terminate this node."
	switch {
	case s.Active && s.Problem != "":
		return "Kept alive until further notice: " + s.Problem + ". Use --off to take it back or --replace to set another."
	case s.Forever:
		text = "Kept alive forever."
	case s.Active:
		text = fmt.Sprintf("Kept alive until %s (%s).", s.Until.Local().Format("2006-01-02 15:04:05 MST"), keepalive.FormatDuration(s.Left))
	case s.Problem != "":
		text += " " + s.Problem + "."
	}
	if s.Reason != "" && s.Active {
		text += fmt.Sprintf(" Reason: %q.", s.Reason)
	}
	return text
}

// printKept says that a longer keepalive stays; in JSON a member tells.
func (c *command) printKept(io cli.IO, wish keepalive.Wish) error {
	if c.JSON {
		return nil
	}
	_, err := fmt.Fprintf(io.Out, "This is longer than %s and stays: use --replace to shorten it.\n", keepalive.FormatDuration(wish.For))
	return err
}
