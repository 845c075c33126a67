// Jetpack-log sends a log message about this node to its server and appends
// it to logs/jetpack.log.
package main

import (
	"context"
	"errors"
	"io"

	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/journal"
	"jetpack.internal/shared/message"
)

type command struct {
	Message  []string `arg:"" optional:"" sep:"none" help:"The message; several words are joined by blanks. Without it: stdin."`
	Level    string   `short:"l" enum:"info,warn,error" default:"info" help:"How grave it is: info, warn or error."`
	Priority string   `short:"p" enum:"low,medium,high,auto" default:"auto" help:"How much it matters: low, medium or high. From medium on the cluster page shows it. Default (auto): high for errors, else medium."`
	Lines    bool     `help:"Each line of stdin is a message."`
	delivery.Flags
}

const summary = `Send a log message about this node.

The message goes to the node's server, or into the outbox while that is away, and to logs/jetpack.log.`

func main() { cli.Main("jetpack-log", summary, new(command)) }

// Run hands the message over.
func (c *command) Run(ctx context.Context, io cli.IO) error {
	if err := c.check(); err != nil {
		return err
	}
	sender, err := c.Open(io.Home)
	if err != nil {
		return err
	}
	defer sender.Close()
	l := &logger{command: c, io: io, sender: sender, journal: journal.Open(io.Home.Logs("jetpack.log"))}
	if c.Lines {
		delivery.Thrifty()
		return l.lines(ctx)
	}
	text, err := c.text(io.In)
	if err != nil {
		return err
	}
	sender.Ahead(ctx)
	return l.one(ctx, text)
}

func (c *command) check() error {
	if c.Lines && len(c.Message) > 0 {
		return exit.Errorf(exit.Usage, "expected either a MESSAGE or --lines, which reads stdin")
	}
	if c.Priority == "auto" {
		c.Priority = map[string]string{"info": "medium", "warn": "medium", "error": "high"}[c.Level]
	}
	return nil
}

// logger hands messages over and writes them down.
type logger struct {
	*command
	io      cli.IO
	sender  *delivery.Sender
	journal *journal.Journal
}

// one logs a single message.
func (l *logger) one(ctx context.Context, text string) error {
	m, err := l.message(text)
	if err != nil {
		return err
	}
	outcome, err := l.sender.Send(ctx, m)
	if err != nil {
		return err
	}
	l.io.Logf("message %s: %v", m.ID, outcome)
	return nil
}

// lines logs each line that is not empty.
func (l *logger) lines(ctx context.Context) error {
	next := lines(l.io.In)
	counts, err := l.sender.Stream(ctx, func() (message.Message, error) {
		text, err := next()
		if err != nil {
			return message.Message{}, err
		}
		return l.message(text)
	}, func(delivery.Counts) {})
	l.io.Logf("%v", counts)
	if err != nil && !errors.Is(err, io.EOF) {
		return exit.Hint(err, "the first %d messages were handed over, the others not", counts.Total())
	}
	return nil
}

// message makes the message and writes it into the journal. A journal that
// cannot be written, such as by an ordinary user, does not keep the message
// from the server.
func (l *logger) message(text string) (message.Message, error) {
	text = l.valid(text)
	if err := l.journal.Log(journalLevel(l.Level), text); err != nil {
		l.io.Logf("%v", err)
	}
	m, err := l.sender.Message("log", delivery.LogData{Level: l.Level, Priority: l.Priority, Message: text})
	m.Important = l.Priority == "high"
	return m, err
}
