package reports

import (
	"context"
	"fmt"
	"time"

	"jetpack.internal/healthcheckd/internal/decision"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/keepalive"
)

// proven tells whether the server has the evidence, and sends it if this
// evidence was not sent before.
func (r *Reporter) proven(ctx context.Context, d decision.Decision, held keepalive.State, told []string) bool {
	known := r.State.Evidence
	if known == nil || known.Key != d.Key() {
		if r.State.Evidence = r.present(ctx, d, held); r.State.Evidence == nil {
			return false
		}
		r.tell(d, told) // also what waits in the outbox is told: a recovery is news
		return r.State.Evidence.Confirmed
	}
	if !known.Confirmed {
		// What was queued is confirmed when nothing waits any more.
		known.Confirmed = r.Flush(ctx) == nil
	}
	return known.Confirmed
}

// present hands the evidence over: nil if it is lost.
func (r *Reporter) present(ctx context.Context, d decision.Decision, held keepalive.State) *status.Evidence {
	h := health(r.State, d, held, nil)
	h.Evidence = true
	evidence := &status.Evidence{Key: d.Key(), Confirmed: true}
	outcome, err := r.hand(ctx, r.Server.Important, "health", h)
	if err != nil {
		return nil
	}
	evidence.Confirmed = outcome != delivery.Queued
	for i, c := range d.Guilty {
		if i == maxLines {
			break
		}
		r.Log(Error, line(c))
		data := delivery.LogData{Level: Error, Priority: high, Message: line(c) + "; the node is to be terminated"}
		outcome, err := r.hand(ctx, r.Server.Important, "log", data)
		if err != nil {
			return nil
		}
		evidence.Confirmed = evidence.Confirmed && outcome != delivery.Queued
	}
	return evidence
}

// request asks for the node's end. With the server away the node lives on, and
// nothing is left that could ask later.
func (r *Reporter) request(ctx context.Context, d decision.Decision) bool {
	now := r.Now().UTC()
	data := Shutdown{Reason: "unhealthy", Checks: []string{}, Message: d.Reason, Expires: now.Add(expiry).Truncate(time.Second)}
	for i, c := range d.Guilty {
		if i < maxChecks {
			data.Checks = append(data.Checks, c.Name)
		}
		if data.Since.IsZero() || c.Since.Before(data.Since) {
			data.Since = c.Since
		}
	}
	if err := r.Server.Request(ctx, "shutdown", data, expiry); err != nil {
		r.State.Server.Error = fmt.Sprintf("cannot ask the server to terminate this node: %v", err)
		r.Log(Warn, r.State.Server.Error)
		return false
	}
	r.contact(r.State.Server.Local)
	r.State.Server.Request = &now
	text := "asked the server to terminate this node: " + d.Reason
	if r.State.Server.Local {
		text += " (there is no server: the request went to logs/messages.jsonl)"
	}
	r.Log(Error, text)
	return true
}
