// Package facts tells what this machine is, in Ohai's words: the same keys,
// nesting, spelling and value types as Ohai 16 gives on the same machine.
//
// A fact is computed only when its key is asked for, inside this process,
// from files below Machine.Root and from a few system calls that are fields
// of Machine. Nothing here returns an error: a fact that cannot be had is
// absent, or null where Ohai has null.
package facts

import "context"

// A family computes the top-level keys that share their sources. It returns
// only keys of its own list; one that it leaves out is absent.
type family struct {
	keys     []string
	optional bool // computed only when asked for by key
	compute  func(context.Context, *Machine) map[string]any
}

// Fact computes one top-level key of Ohai's tree, such as "kernel". Not found
// means that the machine has no such fact, or that there is no such key.
func (m *Machine) Fact(ctx context.Context, name string) (value any, found bool) {
	for _, f := range families() {
		for _, key := range f.keys {
			if key == name {
				value, found = f.compute(ctx, m)[name]
				return value, found
			}
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
	for _, f := range families() {
		if f.optional == optional {
			list = append(list, f.keys...)
		}
	}
	return list
}

// All computes the whole tree, the optional keys excepted, without starting a
// program: of the keys that need one (languages, and packages where RPM keeps
// them) it gives an empty object, for Fact to fill.
func (m *Machine) All(ctx context.Context) map[string]any {
	quiet := *m
	quiet.still = true
	all := map[string]any{}
	for _, f := range families() {
		if f.optional {
			continue
		}
		for key, value := range f.compute(ctx, &quiet) {
			all[key] = value
		}
	}
	return all
}
