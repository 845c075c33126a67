package main

import (
	"fmt"
	"io"
	"strings"

	"jetpack.internal/shared/exit"
)

func usage(w io.Writer) {
	fmt.Fprint(w, `Usage: jetpack <command> [<argument> ...]

The tools of a cluster node, by familiar names: jetpack config runs
jetpack-config, and so for every program jetpack-something on the search path.

Commands:
`)
	for _, e := range registry() {
		fmt.Fprintf(w, "  %-10s  %s\n", e.name, e.summary)
	}
	fmt.Fprint(w, `
  help        Show the help of a command; -a lists every command there is
  completion  Print the completion script for bash, zsh, fish or powershell

Options:
  -h, --help       Show this help
      --version    Print the version
      --list-cmds  Print the names of all commands, one a line

The service healthcheckd is a program of its own: healthcheckd --help
`)
}

// help shows what a command says of itself.
func help(args []string, s streams) int {
	switch {
	case len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h":
		usage(s.out)
	case args[0] == "-a" || args[0] == "--all":
		listAll(s.out)
	case args[0] == "completion":
		fmt.Fprint(s.out, completionUsage)
	case strings.HasPrefix(args[0], "-"):
		return s.unknownOption(args[0], "jetpack help")
	default:
		return s.fail(start(args[0], []string{"--help"}))
	}
	return exit.OK
}

// listAll lists the toolkit's commands and those that users dropped in.
func listAll(w io.Writer) {
	path := searchPath()
	for _, e := range registry() {
		state := ""
		if _, err := path.Find(e.name); err != nil {
			state = " (not installed)"
		}
		fmt.Fprintf(w, "%-10s  %s%s\n", e.name, e.summary, state)
	}
	for _, name := range path.List() {
		if !isRegistered(name) {
			program, err := path.Find(name)
			if err == nil {
				fmt.Fprintf(w, "%-10s  %s\n", name, program)
			}
		}
	}
}

func listCommands(w io.Writer) {
	for _, name := range searchPath().List() {
		fmt.Fprintln(w, name)
	}
}
