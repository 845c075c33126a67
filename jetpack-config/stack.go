package main

import (
	"context"
	"errors"
	"io/fs"

	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/tree"
)

// layer is one source of the tree.
type layer interface {
	// find is the value of a key, a tree.Element or a Go value, and where it
	// comes from. A layer that the key cannot come from does no work.
	find(ctx context.Context, key string) (value any, from origin, outcome tree.Outcome, err error)
	// whole is all that the layer knows.
	whole(ctx context.Context) (map[string]any, error)
}

// origin is where a value comes from.
type origin struct {
	Layer string
	File  string // "" for what no file holds
	Line  int    // 0 for unknown
}

// stack is the layers, the highest first.
type stack struct {
	layers []layer
	home   home.Home
	logf   func(format string, args ...any)
}

func newStack(io cli.IO) *stack {
	return &stack{
		layers: []layer{
			machine{seen: map[string]any{}},
			stored{name: "configuration", path: io.Home.Configuration(), logf: io.Logf},
			metadata{endpoint: home.MetadataEndpoint(), cache: io.Home.Run(azureCache)},
			stored{name: "node", path: io.Home.Node(), logf: io.Logf},
		},
		home: io.Home,
		logf: io.Logf,
	}
}

// answer is a value and where it comes from, the highest layer first.
type answer struct {
	value   any
	origins []origin
}

// find asks the layers for a key. The highest that has it answers, and lower
// ones are not even read; only objects are merged. A layer in which the path
// runs into something that is no object hides the lower ones.
func (s *stack) find(ctx context.Context, key string) (a answer, found bool, err error) {
	for _, l := range s.layers {
		value, from, outcome, err := l.find(ctx, key)
		if err != nil {
			return answer{}, false, err
		}
		if outcome == tree.Obstructed {
			break
		}
		if outcome == tree.Missing {
			continue
		}
		if !isObject(value) {
			if !found {
				a, found = answer{value: value, origins: []origin{from}}, true
			}
			break
		}
		a.value = merge(value, a.value, found)
		a.origins = append(a.origins, from)
		found = true
	}
	return a, found, nil
}

// merge lays what was found so far, if anything, over what a lower layer has.
func merge(low, high any, found bool) any {
	if e, ok := low.(tree.Element); ok {
		low = e.Value()
	}
	if !found {
		return low
	}
	return tree.Merge(low, high)
}

func isObject(value any) bool {
	if e, ok := value.(tree.Element); ok {
		return e.IsObject()
	}
	_, ok := value.(map[string]any)
	return ok
}

// whole merges all that all layers know.
func (s *stack) whole(ctx context.Context) (map[string]any, error) {
	var all any = map[string]any{}
	for i := len(s.layers) - 1; i >= 0; i-- {
		object, err := s.layers[i].whole(ctx)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err == nil {
			all = tree.Merge(all, object)
		}
	}
	return all.(map[string]any), nil
}
