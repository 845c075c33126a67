package main

import (
	"context"

	"jetpack.internal/shared/tree"
)

// azureCache is the file below run/ that keeps the metadata of this boot.
const azureCache = "azure.json"

// metadata is the layer of the Azure instance metadata.
type metadata struct{ endpoint, cache string }

func (metadata) find(context.Context, string) (any, origin, tree.Outcome, error) {
	return nil, origin{}, tree.Missing, nil
}

func (metadata) whole(context.Context) (map[string]any, error) { return nil, nil }
