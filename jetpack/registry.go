package main

import (
	_ "embed"
	"slices"
	"strings"
)

// registryText is the one list of the toolkit's own subcommands: help,
// completion, tests and the documentation check read it.
//
//go:embed commands.txt
var registryText string

// entry is a subcommand of the toolkit.
type entry struct{ name, summary string }

func registry() []entry {
	var entries []entry
	for line := range strings.Lines(registryText) {
		name, summary, _ := strings.Cut(strings.TrimSpace(line), "\t")
		entries = append(entries, entry{name, summary})
	}
	return entries
}

func isRegistered(name string) bool {
	return slices.ContainsFunc(registry(), func(e entry) bool { return e.name == name })
}
