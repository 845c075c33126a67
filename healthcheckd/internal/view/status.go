package view

import (
	"fmt"
	"io"
	"time"
)

// Status writes everything for people.
func (v View) Status(w io.Writer, color bool) error {
	if v.Round == nil {
		if _, err := fmt.Fprintln(w, "No round has been run yet."); err != nil {
			return err
		}
	} else if err := v.Table(w, color); err != nil {
		return err
	}
	service := "not running"
	if v.Running {
		service = "running"
	}
	lines := []struct{ name, text string }{
		{"Verdict", string(v.Verdict)}, {"Keepalive", v.KeepaliveText()}, {"Service", service},
		{"Next round", stamp(v.NextRound)}, {"Server", v.server()},
	}
	for _, line := range lines {
		if _, err := fmt.Fprintf(w, "%-11s %s\n", line.name+":", line.text); err != nil {
			return err
		}
	}
	for _, problem := range v.Problems {
		if _, err := fmt.Fprintf(w, "%-11s %s\n", "Problem:", problem); err != nil {
			return err
		}
	}
	return nil
}

func (v View) server() string {
	s := v.Server
	text := "never reached"
	switch {
	case s.Local:
		text = "none: messages go to logs/messages.jsonl"
	case s.Contact != nil:
		text = "last contact " + s.Contact.Local().Format(time.DateTime)
	}
	if s.Error != "" {
		text += "; " + s.Error
	}
	if s.Queued > 0 {
		text += fmt.Sprintf("; messages waiting in the outbox: %d", s.Queued)
	}
	switch {
	case s.Request != nil && s.Local: // nobody reads it
		text += "; the request to terminate this node went there at " + s.Request.Local().Format(time.DateTime)
	case s.Request != nil:
		text += "; asked to terminate this node at " + s.Request.Local().Format(time.DateTime)
	}
	return text
}
