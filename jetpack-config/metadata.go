package main

import (
	"context"
	"os"
	"strings"

	"jetpack.internal/shared/azure"
	"jetpack.internal/shared/tree"
)

// azureCache is the file below run/ that keeps the metadata of this boot.
const azureCache = "azure.json"

// metadata is the layer of the Azure instance metadata.
type metadata struct{ source azure.Source }

func (l metadata) find(ctx context.Context, key string) (any, origin, tree.Outcome, error) {
	if !l.mayHave(key) {
		return nil, origin{}, tree.Missing, nil
	}
	all, err := l.whole(ctx)
	value, outcome := tree.Locate(all, key)
	from := origin{Layer: "azure"}
	if _, err := os.Stat(l.source.Cache); err == nil {
		from.File = l.source.Cache
	}
	return value, from, outcome, err
}

// mayHave keeps keys that cannot be metadata from asking the network.
func (metadata) mayHave(key string) bool {
	name, rest, _ := strings.Cut(key, ".")
	part, _, _ := strings.Cut(rest, ".")
	return name == "azure" && (part == "" || part == "metadata") || name == "cloud"
}

func (l metadata) whole(ctx context.Context) (map[string]any, error) {
	of, ok := l.source.Metadata(ctx)
	if !ok {
		return map[string]any{}, nil
	}
	return map[string]any{"azure": of, "cloud": azure.Cloud(of)}, nil
}
