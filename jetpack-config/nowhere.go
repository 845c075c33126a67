package main

import (
	"context"

	"jetpack.internal/shared/tree"
)

// nowhere is the lowest layer: what holds while nothing tells better. Ohai
// has a null cloud on a machine that is in none.
type nowhere struct{}

func (nowhere) find(_ context.Context, key string) (any, origin, tree.Outcome, error) {
	if key == "cloud" {
		return nil, origin{Layer: "facts"}, tree.Found, nil
	}
	return nil, origin{}, tree.Missing, nil
}

func (nowhere) whole(context.Context) (map[string]any, error) {
	return map[string]any{"cloud": nil}, nil
}
