package attempt

import (
	"context"
	"fmt"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/azure"
	"jetpack.internal/shared/facts"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/tree"
)

// node writes config/node.json, which projects read directly: the scripts
// find it even on a node without Chef.
func (a *Attempt) node(ctx context.Context) error {
	source := azure.Source{Endpoint: home.MetadataEndpoint(), Cache: a.Home.Run("azure.json")}
	if err := source.Refresh(ctx); err != nil {
		a.warn("cannot refresh the Azure metadata: %v", err)
	}
	a.low = map[string]any{}
	if metadata, found := source.Metadata(ctx); found {
		a.low["azure"], a.low["cloud"] = metadata, azure.Cloud(metadata)
	}
	a.facts = <-a.machine
	a.complete(ctx)
	return a.writeNode(a.low)
}

// complete adds the facts that only programs can tell. They are asked again
// when something new has come to the node; else what they said still holds.
func (a *Attempt) complete(ctx context.Context) {
	for _, name := range []string{"languages", "packages"} {
		if have, ok := a.facts[name].(map[string]any); !ok || len(have) > 0 {
			continue
		}
		value, found := a.remembered(name)
		if a.changed || !found {
			value, found = facts.Local().Fact(ctx, name)
		}
		if found {
			a.facts[name] = value
		}
	}
}

// remembered is a fact as the last converge found it.
func (a *Attempt) remembered(name string) (any, bool) {
	element, outcome, err := tree.Lookup(a.Home.Node(), name)
	if err != nil || outcome != tree.Found {
		return nil, false
	}
	return element.Value(), true
}

// writeNode merges the layers as `jetpack config` does: metadata and Chef's
// attributes lowest, then the configuration, then what the machine says.
func (a *Attempt) writeNode(low any) error {
	merged := tree.Merge(tree.Merge(low, a.tree.Value()), a.facts)
	if err := atomicfile.Write(a.Home.Node(), append(tree.JSON(merged), '\n'), 0o640); err != nil {
		return fmt.Errorf("cannot write the merged tree: %w", err)
	}
	return nil
}
