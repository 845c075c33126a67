package main

import (
	"embed"
	"fmt"
	"io"
	"strings"

	"jetpack.internal/shared/exit"
)

// scripts are the completion scripts. They hold no flags: they ask the
// programs, through --complete.
//
//go:embed completion
var scripts embed.FS

var shells = []string{"bash", "fish", "powershell", "zsh"}

const completionUsage = `Usage: jetpack completion bash|fish|powershell|zsh

Print a completion script, to be sourced by the shell:

  source <(jetpack completion bash)
  source <(jetpack completion zsh)
  jetpack completion fish | source
  jetpack completion powershell | Out-String | Invoke-Expression
`

func completion(args []string, s streams) int {
	if len(args) == 1 && (args[0] == "--help" || args[0] == "-h") {
		fmt.Fprint(s.out, completionUsage)
		return exit.OK
	}
	if len(args) != 1 {
		return s.fail(exit.Hint(exit.Errorf(exit.Usage, "expected one shell"), "jetpack completion %s", strings.Join(shells, "|")))
	}
	script, err := scripts.ReadFile("completion/jetpack." + args[0])
	if err != nil {
		return s.fail(exit.Hint(exit.Errorf(exit.Usage, "no completion for the shell %s", quoted(args[0])),
			"jetpack completion %s", strings.Join(shells, "|")))
	}
	fmt.Fprint(s.out, strings.ReplaceAll(string(script), "@PROGRAMS@", strings.Join(programs(), " ")))
	return exit.OK
}

// programs are those that answer --complete.
func programs() []string {
	names := []string{"jetpack", "healthcheckd"}
	for _, e := range registry() {
		names = append(names, "jetpack-"+e.name)
	}
	return names
}

// complete prints candidates for the last word: "word\tdescription" a line.
// A program that is not ours is never asked: it would take --complete for
// something else.
func complete(words []string, s streams) int {
	if len(words) < 2 {
		completeCommand(append(words, "")[0], s.out)
		return exit.OK
	}
	switch {
	case isRegistered(words[0]):
		if start(words[0], append([]string{"--complete"}, words[1:]...)) != nil {
			return exit.No
		}
	case words[0] == "help" && len(words) == 2:
		completeCommand(words[1], s.out)
	case words[0] == "completion" && len(words) == 2:
		offer(s.out, words[1], shells...)
	}
	return exit.OK
}

func completeCommand(word string, w io.Writer) {
	summaries := map[string]string{"help": "Show the help of a command", "completion": "Print a completion script"}
	for _, e := range registry() {
		summaries[e.name] = e.summary
	}
	for _, name := range append(searchPath().List(), "completion", "help") {
		candidate := name
		if summary := summaries[name]; summary != "" {
			candidate += "\t" + summary
		}
		offer(w, word, candidate)
	}
	if strings.HasPrefix(word, "-") {
		offer(w, word, "--help", "--list-cmds", "--version")
	}
}

func offer(w io.Writer, word string, candidates ...string) {
	for _, candidate := range candidates {
		if strings.HasPrefix(candidate, word) {
			fmt.Fprintln(w, candidate)
		}
	}
}
