// Jetpack-config prints what is known about this node: its configuration,
// the facts of the machine and its Azure metadata, as one tree.
package main

import (
	"context"
	"fmt"
	"io"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/skin"
	"jetpack.internal/shared/tree"
	"jetpack.internal/shared/version"
)

// command is what the arguments say.
type command struct {
	key, fallback                         *string // KEY and DEFAULT
	help, json, explain, verbose, version bool
	wait                                  duration
}

func main() { skin.Main("jetpack-config", run) }

func run(ctx context.Context, io skin.IO, args []string) error {
	if len(args) > 0 && args[0] == "--complete" {
		return complete(ctx, io, args[1:])
	}
	var c command
	if err := c.parse(args); err != nil {
		return err
	}
	io.Verbose = c.verbose
	switch {
	case c.help:
		return say(io.Out, usage)
	case c.version:
		return say(io.Out, version.String()+"\n")
	}
	return c.answer(ctx, io)
}

func say(out io.Writer, text string) error {
	// io.WriteString would look for a method by its name: a percent of a start.
	_, err := out.Write([]byte(text))
	return err
}

// answer prints what is asked for.
func (c *command) answer(ctx context.Context, io skin.IO) error {
	s := newStack(io)
	if c.key == nil {
		return c.whole(ctx, io.Out, s)
	}
	a, found, err := s.await(ctx, *c.key, c.wait.limit)
	switch {
	case err != nil:
		return err
	case !found && c.fallback != nil:
		a = answer{value: *c.fallback, origins: []origin{{Layer: "default"}}}
	case !found:
		return s.missing(ctx, *c.key)
	}
	if c.explain {
		return explain(io.Out, *c.key, a.origins, c.json)
	}
	return print(io.Out, *c.key, a.value, c.json)
}

// whole answers without a key: all of the tree, or its top-level keys.
func (c *command) whole(ctx context.Context, out io.Writer, s *stack) error {
	if c.explain || c.wait.limit > 0 {
		return exit.Errorf(exit.Usage, "expected a KEY")
	}
	all, err := s.whole(ctx)
	if err != nil {
		return err
	}
	if c.json {
		_, err = fmt.Fprintf(out, "%s\n", tree.JSON(all))
		return err
	}
	return printKeys(out, "", all)
}
