package view

import (
	"fmt"
	"time"

	"jetpack.internal/healthcheckd/internal/decision"
	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/shared/check"
)

// Explain says in lines what the last round found, check by check, and what the
// next one would lead to if it found the same again.
func (v View) Explain(found, next decision.Decision, s *settings.Settings) []string {
	if v.Round == nil {
		return []string{"No round has been run yet: nothing would happen."}
	}
	lines := []string{fmt.Sprintf("The last round, at %s, found (! is a reason to terminate this node):", v.Round.Ended.Local().Format(time.DateTime))}
	for i, c := range found.Checks {
		mark := "  "
		if next.Checks[i].Counts {
			mark = "! "
		}
		line := fmt.Sprintf("%s%s: %s", mark, name(c.Name), name(c.Text))
		if last := lastLine(v.Checks[i].Output); last != "" && v.Checks[i].Verdict != check.Good {
			line += fmt.Sprintf("; its last words: %q", last)
		}
		lines = append(lines, line)
	}
	lines = append(lines, "Keepalive: "+v.KeepaliveText(), "Server: "+v.server(), "If the next round finds the same: "+v.outcome(next))
	if !v.Running {
		lines = append(lines, "The service does not run: there is no next round, and nothing happens.")
	}
	for _, problem := range s.Problems {
		lines = append(lines, "Left out of the settings: "+name(problem))
	}
	return lines
}

func (v View) outcome(d decision.Decision) string {
	switch d.Kind {
	case decision.None:
		return "nothing; " + name(d.Reason) + "."
	case decision.Striking:
		return "the strikes are counted on; " + name(d.Reason) + "."
	case decision.Withheld:
		return "nothing; " + name(d.Reason) + "."
	}
	text := name(d.Reason) + ": the server is shown the evidence and, once it has confirmed that, asked to terminate this node"
	if v.Server.Local {
		text = name(d.Reason) + ": the evidence and the request to terminate this node go to logs/messages.jsonl, for there is no server"
	}
	for _, action := range d.Actions {
		text += "; then this node does: " + name(action.String())
	}
	return text + "."
}
