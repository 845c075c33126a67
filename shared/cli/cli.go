// Package cli is the skin of every program: options, help, the version,
// errors with hints, exit statuses and completion. Only mains import it.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/version"
)

// Command is a program, or a subcommand of one: a struct whose kong tags are
// its options and positionals.
type Command interface {
	// Run does the work. A nil error is success; see package exit for the
	// others.
	Run(ctx context.Context, io IO) error
}

// Plain is a Command that can do without the parser where no argument is an
// option. Building the parser costs a quarter of a process's start, which
// matters to a program that jobs call ten times each.
type Plain interface {
	Command
	// Plain takes the arguments, none of which begins with a dash, just as the
	// parser would; or refuses them for the parser to deal with.
	Plain(args []string) bool
}

// isPlain tells whether no argument is an option, nor could be one.
func isPlain(args []string) bool {
	return !slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "-") })
}

// Option adds to how Main treats a command.
type Option = kong.Option

// skin are the options that every program has.
type skin struct {
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
	p.io = IO{In: os.Stdin, Out: p.out(), Err: errorStream(), Home: home.Find(), name: name}
	ctx, interrupted := withSignal(context.Background())
	status := p.finish(p.guarded(ctx, os.Args[1:]))
	if sig := interrupted.signal(); sig != nil && status != exit.OK {
		reraise(sig)
	}
	os.Exit(status)
}

type program struct {
	name, summary string
	command       any
	options       []Option
	io            IO
	stdout        *output
	skin          skin
}

func (p *program) out() *output {
	p.stdout = newOutput(os.Stdout)
	return p.stdout
}

// guarded turns a fault of the program itself into one line, as any other
// error: callers parse stderr. GOTRACEBACK=all asks for the trace.
func (p *program) guarded(ctx context.Context, args []string) (err error) {
	defer func() {
		if home.WantsTrace() {
			return
		}
		if fault := recover(); fault != nil {
			err = exit.Hint(fmt.Errorf("internal error: %v", fault), "this is a fault of the program; GOTRACEBACK=all shows where")
		}
	}()
	return p.run(ctx, args)
}

func (p *program) run(ctx context.Context, args []string) error {
	p.io.Terminal = isTerminal(os.Stdout)
	p.io.Color = p.io.Terminal && !home.NoColor()
	if command, ok := p.command.(Plain); ok && isPlain(args) && command.Plain(args) {
		return command.Run(ctx, p.io)
	}
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
	p.io.Verbose = p.skin.Verbose
	return command.Run(ctx, p.io)
}

func (p *program) parser() (*kong.Kong, error) {
	options := append([]Option{
		kong.Name(p.name),
		kong.Description(p.summary),
		kong.Embed(&p.skin),
		kong.Writers(p.io.Out, p.io.Err),
		kong.Help(help),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 100}),
	}, p.options...)
	parser, err := kong.New(p.command, options...)
	if err != nil {
		return nil, err
	}
	parser.Model.HelpFlag.Help = "Show this help."
	return parser, nil
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

// finish prints what is left to print and gives the exit status.
func (p *program) finish(err error) int {
	if flushing := p.stdout.Flush(); err == nil {
		err = flushing
	}
	if errors.Is(err, errReaderGone) {
		return exit.OK // the reader has seen all it wanted
	}
	if err = permitted(err); err != nil && !exit.IsQuiet(err) {
		p.io.printError(err)
	}
	return exit.Status(err)
}
