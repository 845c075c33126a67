package main

import (
	"context"
	"fmt"
	"time"

	"jetpack.internal/jetpack-converge/internal/attempt"
	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/journal"
)

// patience is how long the work waits for a server that is away, once: after
// that, messages are queued at once.
const patience = 5 * time.Second

// messenger tells the server how the converge goes.
type messenger struct {
	sender *delivery.Sender
	log    *journal.Journal
}

func openMessenger(h home.Home, log *journal.Journal) (*messenger, error) {
	sender, err := delivery.Open(h, delivery.Options{Timeout: patience})
	if err != nil {
		return nil, err
	}
	return &messenger{sender, log}, nil
}

// Installation hands the report over. How a converge ended is important: it
// may use the outbox's reserve.
func (m *messenger) Installation(ctx context.Context, report attempt.Report) {
	send := m.sender.Report
	if report.Status == "ready" || report.Status == "failed" {
		send = m.sender.Important
	}
	if _, err := send(ctx, "installation", report); err != nil {
		_ = m.log.Log(journal.Warn, fmt.Sprintf("cannot report to the server: %v", err))
	}
}

func (m *messenger) close() { _ = m.sender.Close() }
