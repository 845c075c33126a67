package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/message"
	"jetpack.internal/shared/record"
)

// longest bounds a message: brokers take 128 MiB, or 512 MiB at the very most.
const longest = 512 << 20

func (c *command) sendOne(ctx context.Context, io cli.IO, sender *delivery.Sender) error {
	body, err := c.body(io)
	if err != nil {
		return err
	}
	sender.Ahead(ctx)
	make, err := c.messages(sender)
	if err != nil {
		return err
	}
	m := make(body)
	outcome, err := sender.Send(ctx, m)
	if err != nil {
		return err
	}
	io.Logf("message %s: %v", m.ID, outcome)
	return nil
}

func (c *command) body(io cli.IO) ([]byte, error) {
	if c.Body != nil && *c.Body != "-" {
		return []byte(*c.Body), nil
	}
	in, err := c.input(io)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return readBody(in)
}

func readBody(in io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(in, longest+1))
	if err != nil {
		return nil, fmt.Errorf("cannot read the message: %w", err)
	}
	if len(body) > longest {
		return nil, exit.Errorf(exit.Usage, "cannot send a message of more than %d bytes", longest)
	}
	return body, nil
}

// input is the file, or stdin.
func (c *command) input(streams cli.IO) (io.ReadCloser, error) {
	if c.File == "" || c.File == "-" {
		return io.NopCloser(streams.In), nil
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "cannot read the message: %w", err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		file.Close()
		return nil, exit.Errorf(exit.Usage, "cannot read the message: %s is a folder", c.File)
	}
	return file, nil
}

// stream sends each record as a message.
func (c *command) stream(ctx context.Context, streams cli.IO, sender *delivery.Sender) error {
	in, err := c.input(streams)
	if err != nil {
		return err
	}
	defer in.Close()
	delimiter := byte('\n')
	if c.Null {
		delimiter = 0
	}
	make, err := c.messages(sender)
	if err != nil {
		return err
	}
	records := record.NewReader(in, delimiter, longest)
	p := newProgress(streams)
	counts, err := sender.Stream(ctx, func() (message.Message, error) {
		body, err := records.Next()
		if long := new(record.TooLongError); errors.As(err, &long) {
			err = exit.Errorf(exit.Usage, "cannot send: %w", err)
		} else if err != nil && err != io.EOF {
			err = fmt.Errorf("cannot read the records: %w", err)
		}
		if err != nil {
			return message.Message{}, err
		}
		return make(body), nil
	}, p.tell)
	p.end()
	streams.Logf("%v", counts)
	if err != nil {
		return exit.Hint(err, "the first %d records were handed over, the others not", counts.Total())
	}
	return nil
}
