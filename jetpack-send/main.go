// Jetpack-send sends arbitrary bytes, a file or a stream of records to the
// node's server with a routing key.
package main

import (
	"context"
	"time"

	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/exit"
)

type command struct {
	Body        *string       `arg:"" optional:"" help:"The message. Without it, or as -: stdin."`
	Key         *string       `name:"routing-key" short:"k" placeholder:"KEY" help:"The routing key. Required to send."`
	File        string        `short:"f" placeholder:"PATH" help:"Send the content of a file."`
	Lines       bool          `short:"l" xor:"records" help:"Each line of the file or of stdin is a message."`
	Null        bool          `short:"0" xor:"records" help:"Each record that ends in a zero byte is a message."`
	Exchange    *string       `placeholder:"NAME" help:"The exchange. Default: as configured. An empty name is AMQP's default exchange, where the key is a queue's name."`
	Header      []string      `sep:"none" placeholder:"NAME=VALUE" help:"A header; repeatable."`
	ContentType string        `placeholder:"TYPE" help:"The content type."`
	Type        string        `placeholder:"TYPE" help:"The type of message."`
	Priority    uint8         `placeholder:"N" help:"The priority in a priority queue, 0 to 255."`
	Expiration  time.Duration `placeholder:"DURATION" help:"How long a broker keeps it, such as 90s."`
	ReplyTo     string        `placeholder:"QUEUE" help:"Where to answer."`
	MessageID   string        `name:"message-id" placeholder:"ID" help:"The message id. Default: a new UUID."`
	Transient   bool          `help:"The message need not survive a restart of the broker."`
	Check       bool          `xor:"mode" help:"Connect, log in and check that messages could be sent; send nothing."`
	Pending     bool          `xor:"mode" help:"List the outbox."`
	Flush       bool          `xor:"mode" help:"Deliver the outbox now."`
	JSON        bool          `name:"json" help:"Print JSON: with --pending, --flush and --check."`
	delivery.Flags
}

const summary = `Send raw bytes to the node's server with a routing key.

The body is an argument, a file or stdin: as one message, or each line or record of it as a message. While the server is away messages are kept in the outbox.`

func main() { cli.Main("jetpack-send", summary, new(command)) }

// Run does what the options ask for.
func (c *command) Run(ctx context.Context, io cli.IO) error {
	if err := c.check(); err != nil {
		return err
	}
	sender, err := c.Open(io.Home)
	if err != nil {
		return err
	}
	defer sender.Close()
	delivery.Thrifty()
	switch {
	case c.Pending:
		return c.listPending(ctx, io, sender)
	case c.Flush:
		return c.flush(ctx, io, sender)
	case c.Check:
		return c.tryOut(ctx, io, sender)
	case c.Lines || c.Null:
		return c.stream(ctx, io, sender)
	}
	return c.sendOne(ctx, io, sender)
}

// check refuses what cannot be meant.
func (c *command) check() error {
	sends := !c.Check && !c.Pending && !c.Flush
	switch {
	case sends && c.Key == nil:
		return exit.Hint(exit.Errorf(exit.Usage, "expected --routing-key=KEY"), "jetpack-send --help")
	case !sends && (c.Body != nil || c.File != "" || c.Lines || c.Null):
		return exit.Errorf(exit.Usage, "expected no message with --check, --pending or --flush")
	case sends && c.JSON:
		return exit.Errorf(exit.Usage, "expected --json only with --check, --pending or --flush")
	case c.Body != nil && c.File != "":
		return exit.Errorf(exit.Usage, "expected either a BODY or --file")
	case c.Body != nil && *c.Body != "-" && (c.Lines || c.Null):
		return exit.Errorf(exit.Usage, "expected records from stdin or --file, not a BODY")
	case c.MessageID != "" && (c.Lines || c.Null):
		return exit.Errorf(exit.Usage, "cannot give many messages one --message-id")
	case c.Expiration < 0:
		return exit.Errorf(exit.Usage, "cannot use --expiration=%v: it must not be negative", c.Expiration)
	}
	return c.checkLengths()
}
