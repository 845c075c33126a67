package main

import (
	"strings"
	"testing"
)

// TestHelpKnowsTheOptions: the help is written by hand, the parser's table is
// what holds.
func TestHelpKnowsTheOptions(t *testing.T) {
	_, flags, _ := strings.Cut(usage, "\nFlags:\n")
	words := strings.Join(strings.Fields(flags), " ")
	for _, o := range new(command).options() {
		name := "--" + o.name
		if o.short != "" {
			name = "-" + o.short + ", " + name
		}
		if o.value != "" {
			name += "=" + o.value
		}
		if !strings.Contains(words, name+" "+o.help) {
			t.Errorf("the help does not say %q", name+" "+o.help)
		}
	}
	if n := strings.Count(flags, " --"); n != len(new(command).options()) {
		t.Errorf("the help has %d options, the parser %d", n, len(new(command).options()))
	}
}
