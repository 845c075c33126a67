package main

import (
	"strings"
	"testing"

	"jetpack.internal/shared/message"
)

// FuzzHeader: a header that is taken is the text cut at its first "=", and
// what the user gives wins over the node's identity.
func FuzzHeader(f *testing.F) {
	f.Add("a=b")
	f.Add("node_name==;,x")
	f.Add("=")
	f.Fuzz(func(t *testing.T, text string) {
		c := &command{Header: []string{text}}
		headers, err := c.headers(message.Identity{Node: "n"})
		name, value, found := strings.Cut(text, "=")
		if valid := found && name != "" && len(name) <= longestShort; valid != (err == nil) {
			t.Fatalf("%q: %v", text, err)
		}
		if err == nil && headers[name] != value {
			t.Errorf("%q became %q", text, headers)
		}
	})
}
