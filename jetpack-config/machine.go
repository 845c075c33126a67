package main

import (
	"context"
	"slices"
	"strings"

	"jetpack.internal/shared/facts"
	"jetpack.internal/shared/tree"
)

// machine is the layer of live facts. It is the highest, as what Chef calls
// automatic attributes is: the machine knows best what it is.
type machine struct {
	seen map[string]any                   // the facts asked for so far
	logf func(format string, args ...any) // nil without -v
}

// local is this machine, which tells with -v why a fact is absent.
func (m machine) local() *facts.Machine {
	local := facts.Local()
	if m.logf != nil {
		local.Trouble = func(fact, reason string) { m.logf("%s: %s", fact, reason) }
	}
	return local
}

func (m machine) find(ctx context.Context, key string) (any, origin, tree.Outcome, error) {
	name, _, _ := strings.Cut(key, ".")
	if name == "cyclecloud" { // by far the most asked for, and never a fact
		return nil, origin{}, tree.Missing, nil
	}
	fact, found := m.local().Fact(ctx, key)
	if !found {
		return nil, origin{}, tree.Missing, nil
	}
	m.seen[name] = fact
	value, outcome := tree.Locate(m.seen, key)
	return value, origin{Layer: "facts"}, outcome, nil
}

func (m machine) whole(ctx context.Context) (map[string]any, error) {
	return m.local().All(ctx), nil
}

// known has every fact that was asked for, and the mere name of the others.
func (m machine) known() map[string]any {
	known := map[string]any{}
	for _, name := range slices.Concat(facts.Names(), facts.Optional()) {
		known[name] = m.seen[name]
	}
	return known
}

// learn asks for the fact that key lies in but for upper and lower case, so
// that what is below it is known: not for one that may start a program, nor for
// the names that a name server tells, which have nothing below them.
func (m machine) learn(ctx context.Context, key string) {
	name, _, below := strings.Cut(key, ".")
	fact := fold(m.known(), name)
	if below && fact != name && slices.Contains(facts.Names(), fact) && !slices.Contains(facts.Programs(), fact) && fact != "fqdn" && fact != "domain" {
		m.find(ctx, fact)
	}
}
