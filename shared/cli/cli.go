// Package cli gives programs their options: help, the version, usage errors
// and completion, in the skin that all programs have. Only mains import it.
package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/alecthomas/kong"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/skin"
	"jetpack.internal/shared/version"
)

// IO is what a command may touch of its process.
type IO = skin.IO

// Command is a program, or a subcommand of one: a struct whose kong tags are
// its options and positionals.
type Command interface {
	// Run does the work. A nil error is success; see package exit for the
	// others.
	Run(ctx context.Context, io IO) error
}

// Option adds to how Main treats a command.
type Option = kong.Option

// common are the options that every program has.
type common struct {
	Verbose bool        `short:"v" help:"Say on stderr what is done."`
	Version versionFlag `help:"Print the version."`
}

// versionFlag prints the version before anything else is looked at, so that
// required arguments are not missed.
type versionFlag bool

func (versionFlag) BeforeReset(app *kong.Kong) error {
	fmt.Fprintln(app.Stdout, version.String())
	return errDone
}

// errDone ends a parse whose answer has been printed.
var errDone = errors.New("done")

// Main runs command as the program name and ends the process. The command is
// a Command, or a struct of kong subcommands that are each a Command. The
// summary is the first sentence of the help.
func Main(name, summary string, command any, options ...Option) {
	p := &program{name: name, summary: summary, options: options, command: command}
	skin.Main(name, p.run)
}

// Interrupt gives a context that SIGINT, SIGTERM and SIGHUP cancel: see
// package skin.
func Interrupt(ctx context.Context) (interruptible context.Context, stop func()) {
	return skin.Interrupt(ctx)
}

type program struct {
	name, summary string
	command       any
	options       []Option
	io            IO
	common        common
}

func (p *program) run(ctx context.Context, io IO, args []string) error {
	p.io = io
	parser, err := p.parser()
	if err != nil {
		return fmt.Errorf("cannot build the options: %w", err)
	}
	if len(args) > 0 && args[0] == completeFlag {
		return p.complete(ctx, parser, args[1:])
	}
	parsed, err := parse(parser, args)
	if errors.Is(err, errDone) {
		return nil
	}
	if err != nil {
		return exit.Hint(exit.With(exit.Usage, err), "%s --help", p.name)
	}
	command, err := p.selected(parsed)
	if err != nil {
		return err
	}
	p.io.Verbose = p.common.Verbose
	return command.Run(ctx, p.io)
}

func (p *program) parser() (*kong.Kong, error) {
	options := append([]Option{
		kong.Name(p.name),
		kong.Description(p.summary),
		kong.Embed(&p.common),
		kong.Writers(p.io.Out, p.io.Err),
		kong.Help(help),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 100}),
	}, p.options...)
	return kong.New(p.command, options...)
}

// selected is the command that the arguments chose.
func (p *program) selected(parsed *kong.Context) (Command, error) {
	if node := parsed.Selected(); node != nil && node.Target.CanAddr() {
		if command, ok := node.Target.Addr().Interface().(Command); ok {
			return command, nil
		}
	}
	if command, ok := p.command.(Command); ok {
		return command, nil
	}
	return nil, exit.Hint(exit.Errorf(exit.Usage, "expected a command"), "%s --help", p.name)
}

// help prints kong's help and ends the parse: kong's own way is to end the
// process from within.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	return errDone
}
