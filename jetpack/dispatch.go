package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/subcmd"
	"jetpack.internal/shared/version"
)

// streams are where the dispatcher's own answers go.
type streams struct {
	out *answer
	err io.Writer
}

// answer remembers why it could not be written whole.
type answer struct {
	io.Writer
	err error
}

func (a *answer) Write(data []byte) (int, error) {
	n, err := a.Writer.Write(data)
	if a.err == nil {
		a.err = err
	}
	return n, err
}

// run is dispatch, but half an answer is a failure, unless nobody wants the
// other half.
func run(args []string, s streams) int {
	status := dispatch(args, s)
	if status == exit.OK && s.out.err != nil && !isReaderGone(s.out.err) {
		return s.fail(fmt.Errorf("cannot write the answer: %w", s.out.err))
	}
	return status
}

// fail prints an error and its hints, as every program does, and gives its
// exit status.
func (s streams) fail(err error) int {
	fmt.Fprintf(s.err, "jetpack: %v\n", err)
	for _, hint := range exit.Hints(err) {
		fmt.Fprintf(s.err, "jetpack: hint: %s\n", hint)
	}
	return exit.Status(err)
}

// dispatch does what the first argument says. It only returns when no
// subcommand took over.
func dispatch(args []string, s streams) int {
	if len(args) == 0 {
		usage(s.err)
		return exit.Usage
	}
	switch name := args[0]; {
	case name == "--version":
		fmt.Fprintln(s.out, version.String())
	case name == "--help" || name == "-h":
		usage(s.out)
	case name == "--list-cmds":
		listCommands(s.out)
	case name == "--complete":
		return complete(args[1:], s)
	case strings.HasPrefix(name, "-"):
		return s.unknownOption(name, "jetpack --help")
	case name == "help":
		return help(args[1:], s)
	case name == "completion":
		return completion(args[1:], s)
	default:
		return s.fail(start(name, args[1:]))
	}
	return exit.OK
}

func (s streams) unknownOption(option, instead string) int {
	return s.fail(exit.Hint(exit.Errorf(exit.Usage, "unknown option %s", quoted(option)), "%s", instead))
}

// searchPath is where the subcommands are.
func searchPath() subcmd.Path {
	self, err := os.Executable()
	if err == nil {
		if real, err := filepath.EvalSymlinks(self); err == nil {
			self = real
		}
	}
	return subcmd.NewPath("jetpack-", os.Getenv("JETPACK_EXEC_PATH"), self, os.Getenv("PATH"))
}

// start turns this process into the subcommand's. It returns only to say why
// it could not.
func start(name string, args []string) error {
	path := searchPath()
	program, err := path.Find(name)
	if err == nil {
		err = execute(program, args)
	}
	var not *subcmd.NotRunnableError
	switch {
	case errors.Is(err, subcmd.ErrNotFound):
		return unknown(name, path)
	case errors.As(err, &not):
		return exit.With(exit.CannotRun, err)
	}
	return exit.Errorf(exit.CannotRun, "cannot run %s: %w", program, err)
}

// unknown names what may be meant, but never runs a guess.
func unknown(name string, path subcmd.Path) error {
	err := exit.Errorf(exit.NotFound, "no such command: %s", quoted(name))
	if isRegistered(name) {
		return exit.Hint(err, "jetpack-%s is not installed on this node", name)
	}
	if near := subcmd.Near(name, append(path.List(), "completion", "help")); len(near) > 0 {
		return exit.Hint(err, "did you mean %s?", strings.Join(near, " or "))
	}
	return exit.Hint(err, "jetpack help lists the commands")
}

// quoted keeps what a caller typed from steering a terminal; plain names stay
// plain.
func quoted(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '"' }) || name == "" {
		return fmt.Sprintf("%q", name)
	}
	return name
}
