// Package reports tells the server what became of a round: changes of
// verdict, a summary now and then, and the evidence and the request when the
// node is to be terminated.
package reports

import (
	"context"
	"fmt"
	"time"

	"jetpack.internal/healthcheckd/internal/decision"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/keepalive"
)

// Server is what messages are handed to: a *delivery.Sender.
type Server interface {
	Report(ctx context.Context, kind string, data any) (delivery.Outcome, error)
	Important(ctx context.Context, kind string, data any) (delivery.Outcome, error)
	Request(ctx context.Context, kind string, data any, expiry time.Duration) error
	Flush(ctx context.Context) (delivered int, err error)
	Local() bool // there is none: messages go to a file
}

// Reporter reports the end of a round.
type Reporter struct {
	Server Server
	State  *status.State
	Now    func() time.Time

	// Held is the keepalive as it is at the moment it is called.
	Held func() keepalive.State
	// Log takes a line for the local log. A level is that of the server's log.
	Log func(level, text string)
}

// The levels and priorities of the server's log.
const (
	Info  = "info"
	Warn  = "warn"
	Error = "error"

	medium = "medium"
	high   = "high"
)

const (
	summaryAge = time.Hour // after which the server gets a summary without news
	maxLines   = 20        // log messages about single checks in one round
	expiry     = 2 * time.Minute
)

// Round tells the server about the round that has ended, and has the node
// terminated if that is the decision. It tells whether the node is ending:
// the server has the evidence and the request, and no keepalive holds.
func (r *Reporter) Round(ctx context.Context, d decision.Decision, held keepalive.State) (ending bool) {
	if r.State.Server.Local && !r.Server.Local() {
		r.forget()
	}
	changed, told := r.news()
	if d.Kind != decision.Terminate {
		r.State.Evidence = nil
		r.changes(ctx, d, held, changed, told)
		return false
	}
	for _, c := range d.Guilty {
		delete(changed, c.Name) // the evidence says more
	}
	r.lines(ctx, changed)
	if !r.proven(ctx, d, held, told) {
		text := "the node is unhealthy, but the server has not confirmed the evidence: no request is made"
		if r.State.Server.Error != "" {
			text += " (" + r.State.Server.Error + ")"
		}
		r.Log(Warn, text)
		return false
	}
	if held := r.Held(); held.Active {
		r.Log(Info, "a keepalive came in time: no request is made")
		return false
	}
	return r.request(ctx, d)
}

// forget makes everything news again, for a server that the node has just been
// given: what a file was told, no server knows.
func (r *Reporter) forget() {
	r.State.Server = status.Server{Queued: r.State.Server.Queued}
	r.State.Told, r.State.Decision, r.State.Evidence = nil, "", nil
	for i := range r.State.Checks {
		r.State.Checks[i].Told = ""
	}
}

// changes tells the server which verdicts are news, and a summary when the
// last one is old.
func (r *Reporter) changes(ctx context.Context, d decision.Decision, held keepalive.State, changed map[string]bool, told []string) {
	r.lines(ctx, changed)
	now := r.Now()
	old := r.State.Told == nil || now.Sub(*r.State.Told) >= summaryAge || now.Before(*r.State.Told)
	if len(changed) == 0 && !old && r.State.Decision == string(d.Kind) {
		return
	}
	if r.State.Decision != string(d.Kind) {
		r.Log(Info, "decision: "+d.Reason)
	}
	if _, err := r.hand(ctx, r.Server.Report, "health", health(r.State, d, held, changed)); err == nil {
		r.tell(d, told) // else it is lost, and news again in the next round
	}
}

// tell remembers what the server knows.
func (r *Reporter) tell(d decision.Decision, told []string) {
	now := r.Now().UTC()
	r.State.Told, r.State.Decision = &now, string(d.Kind)
	for i := range r.State.Checks {
		r.State.Checks[i].Told = told[i]
	}
}

// news are the checks of which the server knows otherwise, and what it will
// know of each.
func (r *Reporter) news() (changed map[string]bool, told []string) {
	changed = map[string]bool{}
	for _, c := range r.State.Checks {
		now := digest(c)
		told = append(told, now)
		if c.Told != now && (c.Told != "" || c.Verdict != check.Good) {
			changed[c.Name] = true
		}
	}
	return changed, told
}

// digest is what makes a verdict the same one: unhealthy is unhealthy, and a
// check that failed another way is news.
func digest(c status.Check) string {
	if c.Verdict != check.Unknown {
		return string(c.Verdict)
	}
	text := string(c.Verdict)
	switch {
	case c.TimedOut:
		text += " time-out"
	case c.Signal != nil:
		text += " " + *c.Signal
	case c.Status != nil:
		text += fmt.Sprintf(" status %d", *c.Status)
	}
	return text
}

// lines writes a log message about each change.
func (r *Reporter) lines(ctx context.Context, changed map[string]bool) {
	n := 0
	for _, c := range r.State.Checks {
		if !changed[c.Name] {
			continue
		}
		level := Warn
		if c.Verdict == check.Good {
			level = Info
		}
		text := line(c)
		r.Log(level, text)
		if n++; n <= maxLines {
			_, _ = r.hand(ctx, r.Server.Report, "log", delivery.LogData{Level: level, Priority: medium, Message: text})
		}
	}
	if n > maxLines {
		text := fmt.Sprintf("%d more health checks changed their verdicts", n-maxLines)
		_, _ = r.hand(ctx, r.Server.Report, "log", delivery.LogData{Level: Warn, Priority: medium, Message: text})
	}
}

// hand hands a message over and remembers how that went.
func (r *Reporter) hand(ctx context.Context, how func(context.Context, string, any) (delivery.Outcome, error), kind string, data any) (delivery.Outcome, error) {
	outcome, err := how(ctx, kind, data)
	server := &r.State.Server
	switch {
	case err != nil:
		server.Error = fmt.Sprintf("cannot hand over a message of type %s: %v", kind, err)
		r.Log(Warn, server.Error)
	case outcome == delivery.Queued:
		server.Error = "the server is away"
	default:
		r.contact(outcome == delivery.Written)
	}
	return outcome, err
}

func (r *Reporter) contact(local bool) {
	now := r.Now().UTC()
	r.State.Server.Error, r.State.Server.Contact, r.State.Server.Local = "", &now, local
}

// Flush delivers what waits in the outbox.
func (r *Reporter) Flush(ctx context.Context) error {
	n, err := r.Server.Flush(ctx)
	if n > 0 {
		r.Log(Info, fmt.Sprintf("messages delivered from the outbox: %d", n))
		r.contact(false)
	}
	return err
}
