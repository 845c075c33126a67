package main

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"jetpack.internal/shared/azure"
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
}

func newStack(io cli.IO) *stack {
	logf := io.Logf
	if !io.Verbose {
		logf = nil
	}
	return &stack{
		layers: []layer{
			machine{seen: map[string]any{}, logf: logf},
			stored{name: "configuration", path: io.Home.Configuration(), logf: logf},
			metadata{azure.Source{Endpoint: home.MetadataEndpoint(), Cache: io.Home.Run(azureCache)}},
			stored{name: "node", path: io.Home.Node(), logf: logf},
			nowhere{},
		},
		home: io.Home,
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
	var values []any
	for i, l := range s.layers {
		value, from, outcome, err := l.find(ctx, key)
		if err != nil {
			return answer{}, false, err
		}
		if outcome == tree.Missing {
			continue
		}
		if outcome == tree.Obstructed || len(values) > 0 && !isObject(value) || s.replaced(ctx, i, key) {
			break
		}
		values = append(values, value)
		a.origins = append(a.origins, from)
		if !isObject(value) {
			break
		}
	}
	if len(values) == 0 {
		return answer{}, false, nil
	}
	a.value = merged(values)
	return a, true, nil
}

// replaced tells whether the path to key in a layer leads into a list in whose
// place a higher layer has an object.
func (s *stack) replaced(ctx context.Context, layer int, key string) bool {
	for end := range len(key) - 1 {
		if key[end] != '.' || key[end+1] < '0' || key[end+1] > '9' {
			continue // no way into a list
		}
		for _, higher := range s.layers[:layer] {
			if _, _, outcome, _ := higher.find(ctx, key[:end]); outcome == tree.Found {
				value, _, outcome, _ := s.layers[layer].find(ctx, key[:end])
				return outcome == tree.Found && !isObject(value)
			}
		}
	}
	return false
}

// merged merges values, the highest first. It begins with the lowest: what a
// middle one hides of it must not come back with the highest.
func merged(values []any) any {
	all := values[len(values)-1]
	if len(values) == 1 {
		return all
	}
	for _, value := range slices.Backward(values) {
		if e, ok := value.(tree.Element); ok {
			value = e.Value()
		}
		all = tree.Merge(all, value)
	}
	return all
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
