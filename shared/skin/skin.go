// Package skin is what all programs show of themselves but their options:
// the streams, errors with hints, exit statuses, signals. Package cli adds the
// options.
package skin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
)

// Run does the work of a program. A nil error is success; see package exit
// for the others.
type Run func(ctx context.Context, io IO, args []string) error

// Main runs the program of that name and ends the process.
func Main(name string, run Run) {
	ctx, interrupted := withSignal(context.Background())
	status := Do(ctx, NewIO(name, os.Stdin, os.Stdout, errorStream()), os.Args[1:], run)
	if sig := interrupted.signal(); sig != nil && status != exit.OK {
		reraise(sig)
	}
	os.Exit(status)
}

// NewIO is what a program of that name may touch.
func NewIO(name string, in io.Reader, out *os.File, err io.Writer) IO {
	terminal := isTerminal(out)
	return IO{
		In: in, Out: newOutput(out), Err: err, Home: home.Find(),
		Terminal: terminal, Color: terminal && !home.NoColor(), name: name,
	}
}

// Do runs a program, prints what is left to print and gives the exit status.
func Do(ctx context.Context, io IO, args []string, run Run) (status int) {
	err := guarded(ctx, io, args, run)
	if flushing := io.Flush(); err == nil {
		err = flushing
	}
	if errors.Is(err, errReaderGone) {
		return exit.OK // the reader has seen all it wanted
	}
	if err = permitted(err); err != nil && !exit.IsQuiet(err) {
		io.printError(err)
	}
	return exit.Status(err)
}

// guarded turns a fault of the program itself into one line, as any other
// error: callers parse stderr. GOTRACEBACK=all asks for the trace.
func guarded(ctx context.Context, io IO, args []string, run Run) (err error) {
	defer func() {
		if home.WantsTrace() {
			return
		}
		if fault := recover(); fault != nil {
			err = exit.Hint(fmt.Errorf("internal error: %v", fault), "this is a fault of the program; GOTRACEBACK=all shows where")
		}
	}()
	return run(ctx, io, args)
}
