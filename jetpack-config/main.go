// Jetpack-config prints what is known about this node: its configuration,
// the facts of the machine and its Azure metadata, as one tree.
package main

import (
	"context"
	"fmt"
	"io"

	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/tree"
)

type command struct {
	Key     *string  `arg:"" optional:"" help:"The dotted key, such as cyclecloud.node.name. Without it: the top-level keys, or with --json the whole tree."`
	Default *string  `arg:"" optional:"" help:"Printed as it is where KEY does not exist. Nothing is ever stored."`
	JSON    bool     `name:"json" help:"Print JSON."`
	Explain bool     `help:"Tell which layer and file the value comes from, instead of the value."`
	Wait    duration `placeholder:"DURATION" help:"Wait until KEY exists, at most that long: 90s, 5m, 1h30m, or seconds."`
}

const summary = `Print what is known about this node.

The tree is only read here: jetpack config KEY VALUE prints VALUE if there is no KEY, and stores nothing.`

func main() { cli.Main("jetpack-config", summary, new(command)) }

// Plain takes KEY and DEFAULT without the parser: most calls are no more.
func (c *command) Plain(args []string) bool {
	switch len(args) {
	case 2:
		c.Default = &args[1]
		fallthrough
	case 1:
		c.Key = &args[0]
		return true
	}
	return false
}

// Run prints the answer.
func (c *command) Run(ctx context.Context, io cli.IO) error {
	s := newStack(io)
	if c.Key == nil {
		return c.whole(ctx, io.Out, s)
	}
	a, found, err := s.await(ctx, *c.Key, c.Wait.limit)
	switch {
	case err != nil:
		return err
	case !found && c.Default != nil:
		a = answer{value: *c.Default, origins: []origin{{Layer: "default"}}}
	case !found:
		return s.missing(ctx, *c.Key)
	}
	if c.Explain {
		return explain(io.Out, *c.Key, a.origins, c.JSON)
	}
	return print(io.Out, *c.Key, a.value, c.JSON)
}

// whole answers without a key: all of the tree, or its top-level keys.
func (c *command) whole(ctx context.Context, out io.Writer, s *stack) error {
	if c.Explain || c.Wait.limit > 0 {
		return exit.Errorf(exit.Usage, "expected a KEY")
	}
	all, err := s.whole(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		_, err = fmt.Fprintf(out, "%s\n", tree.JSON(all))
		return err
	}
	return printKeys(out, "", all)
}

// Complete offers the keys one level below the dots of word.
func (c *command) Complete(ctx context.Context, io cli.IO, word string) []string {
	return newStack(io).complete(ctx, word)
}
