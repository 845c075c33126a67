package attempt

import (
	"context"
	"fmt"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/azure"
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
	return a.writeNode(a.low)
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
