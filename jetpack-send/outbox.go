package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/delivery"
)

// waiting is a message of the outbox in --pending --json.
type waiting struct {
	ID      string    `json:"message_id"`
	Time    time.Time `json:"time"`
	Type    string    `json:"type"`
	Key     string    `json:"routing_key"`
	Bytes   int       `json:"bytes"`
	Refused bool      `json:"refused"` // by the server; tried again at each flush
}

func (c *command) listPending(ctx context.Context, streams cli.IO, sender *delivery.Sender) error {
	line := c.line(streams.Out)
	first := true
	damaged, err := sender.Pending(ctx, func(w delivery.Waiting) error {
		before := ""
		if c.JSON && !first {
			before = ",\n"
		} else if c.JSON {
			before = "[\n"
		}
		first = false
		return line(before, waiting{w.Message.ID, w.Message.Time, w.Message.Type, w.Message.Key, len(w.Message.Body), w.Refused})
	})
	if err != nil {
		return err
	}
	if damaged > 0 {
		streams.Logf("%d damaged records", damaged)
	}
	switch {
	case c.JSON && first:
		fmt.Fprintln(streams.Out, "[]")
	case c.JSON:
		fmt.Fprintln(streams.Out, "\n]")
	}
	return nil
}

// line prints one message, for people or as JSON.
func (c *command) line(out io.Writer) func(before string, w waiting) error {
	return func(before string, w waiting) error {
		if c.JSON {
			text, err := json.Marshal(w)
			if err == nil {
				_, err = fmt.Fprintf(out, "%s%s", before, text)
			}
			return err
		}
		note := ""
		if w.Refused {
			note = " (refused by the server)"
		}
		_, err := fmt.Fprintf(out, "%s  %s  %-12q  %q  %d bytes%s\n", w.Time.Local().Format(time.DateTime), w.ID, w.Type, w.Key, w.Bytes, note)
		return err
	}
}

func (c *command) flush(ctx context.Context, io cli.IO, sender *delivery.Sender) error {
	delivered, err := sender.Flush(ctx)
	if c.JSON {
		fmt.Fprintf(io.Out, "{\"delivered\": %d}\n", delivered)
	} else {
		fmt.Fprintf(io.Out, "messages delivered: %d\n", delivered)
	}
	return err
}

// tryOut tells what was found in order, one thing a line.
func (c *command) tryOut(ctx context.Context, io cli.IO, sender *delivery.Sender) error {
	found, err := sender.Check(ctx, c.Exchange, c.Key)
	if c.JSON {
		text, failed := json.Marshal(struct {
			Good bool     `json:"ok"`
			Done []string `json:"checked"`
		}{err == nil, append([]string{}, found...)})
		if failed != nil {
			return failed
		}
		fmt.Fprintf(io.Out, "%s\n", text)
		return err
	}
	for _, line := range found {
		fmt.Fprintln(io.Out, line)
	}
	return err
}
