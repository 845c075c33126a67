// Package facts tells what this machine is, in Ohai's words: the same keys,
// nesting, spelling and value types as Ohai 16 gives on the same machine.
//
// A fact is computed only when its key is asked for, inside this process,
// from files below Machine.Root and from a few system calls that are fields
// of Machine. Nothing here returns an error: a fact that cannot be had is
// absent, or null where Ohai has null.
package facts

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
)

// A family computes the top-level keys that share their sources. It returns
// only keys of its own list; one that it leaves out is absent.
type family struct {
	keys     []string
	optional bool // computed only when asked for by key
	compute  func(context.Context, *Machine) map[string]any
}

// Fact computes the top-level key of Ohai's tree that key is, such as
// "kernel", or lies in: of "languages.python" the value is that of languages,
// of which no more than python has been asked. Not found means that the
// machine has no such fact, or that there is no such top-level key.
func (m *Machine) Fact(ctx context.Context, key string) (value any, found bool) {
	name, _, _ := strings.Cut(key, ".")
	for _, f := range &families {
		if slices.Contains(f.keys, name) {
			narrow := *m
			narrow.top, narrow.below = name, key[len(name):]
			value, found = narrow.within(ctx, f)[name]
			return value, found
		}
	}
	return nil, false
}

// Names lists the top-level keys of the whole tree.
func Names() []string { return names(false) }

// Optional lists the top-level keys that only Fact computes: the ones that
// Ohai computes only when asked for.
func Optional() []string { return names(true) }

func names(optional bool) (list []string) {
	for _, f := range &families {
		if f.optional == optional {
			list = append(list, f.keys...)
		}
	}
	return list
}

// Programs lists the top-level keys of the whole tree that can need a program
// to be started.
func Programs() []string {
	return []string{"languages", "packages", "docker", "zpools", "vmware", "virtualbox"}
}

// All computes the whole tree, the optional keys excepted, without starting a
// program: of the keys that need one (see Programs) it gives an empty object,
// for Fact to fill.
func (m *Machine) All(ctx context.Context) map[string]any {
	quiet := *m
	quiet.still = true
	all := map[string]any{}
	told := make(chan map[string]any)
	asked := 0
	for _, f := range &families {
		if !f.optional {
			asked++
			go func() { told <- quiet.within(ctx, f) }()
		}
	}
	for range asked {
		maps.Copy(all, <-told)
	}
	return all
}

// within computes a family, and gives up on one that hangs at a place where no
// wait was expected, such as the files of a dead server.
func (m *Machine) within(ctx context.Context, f family) map[string]any {
	limit := 30 * m.patience() // a program alone may take ten
	if m.still {
		limit = 10 * m.patience()
	}
	told := make(chan map[string]any, 1)
	go func() { told <- f.compute(ctx, m) }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case facts := <-told:
		return facts
	case <-timer.C:
		m.trouble(f.keys[0], "does not end in time")
		return nil
	}
}
