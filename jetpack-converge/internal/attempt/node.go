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
	a.facts = (<-a.machine).facts
	var attributes map[string]any
	if a.hasChef() {
		var err error
		if attributes, err = a.repository().Attributes(); err != nil {
			a.warn("the attributes of Chef's last run are lost: %v", err)
		}
	}
	return a.writeNode(attributes)
}

// machine is what the machine says of itself.
type machine struct {
	facts    map[string]any
	recalled []string // those that the last converge had asked
}

// ask asks the machine while the locker is asked. The facts that only programs
// can tell are taken from the last converge where it has them.
func (a *Attempt) ask(ctx context.Context) {
	told := make(chan machine, 1)
	a.machine = told
	go func() {
		m := machine{facts: facts.Local().All(ctx)}
		for _, name := range facts.Programs() {
			if have, ok := m.facts[name].(map[string]any); !ok || len(have) > 0 {
				continue
			}
			if value, found := a.remembered(name); found {
				m.facts[name] = value
				m.recalled = append(m.recalled, name)
			} else {
				m.complete(ctx, name)
			}
		}
		told <- m
	}()
}

// askAgain asks what was recalled: something new comes to the node.
func (a *Attempt) askAgain(ctx context.Context) {
	before, told := a.machine, make(chan machine, 1)
	a.machine = told
	go func() {
		m := <-before
		for _, name := range m.recalled {
			m.complete(ctx, name)
		}
		told <- m
	}()
}

func (m machine) complete(ctx context.Context, name string) {
	if value, found := facts.Local().Fact(ctx, name); found {
		m.facts[name] = value
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
func (a *Attempt) writeNode(attributes map[string]any) error {
	merged := tree.Merge(tree.Merge(tree.Merge(a.low, attributes), a.tree.Value()), a.facts)
	if err := atomicfile.Write(a.Home.Node(), append(tree.JSON(merged), '\n'), 0o640); err != nil {
		return fmt.Errorf("cannot write the merged tree: %w", err)
	}
	return nil
}
