package chef

import (
	"errors"
	"io/fs"
	"strings"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/tree"
)

// levels are Chef's attribute levels, lowest precedence first.
var levels = []string{"default", "normal", "override", "automatic"}

// Keep keeps the attributes that the client's run has left, and returns them:
// the next run begins without them.
func (r Repository) Keep(node string) (map[string]any, error) {
	attributes, err := r.saved(node)
	if err != nil {
		return nil, err
	}
	return attributes, atomicfile.Write(r.kept(), append(tree.JSON(attributes), '\n'), 0o600)
}

// Attributes are those that the last run that has succeeded has left.
func (r Repository) Attributes() (map[string]any, error) {
	doc, err := tree.Read(r.kept())
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]any{}, nil
	}
	if err != nil {
		return nil, err
	}
	attributes, _ := doc.Value().(map[string]any)
	return attributes, nil
}

// saved are the node's attributes as the client has saved them, merged by
// Chef's precedence; empty when it saved none (chef-solo).
func (r Repository) saved(node string) (map[string]any, error) {
	doc, err := tree.Read(r.path("nodes", node+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]any{}, nil
	}
	if err != nil {
		return nil, err
	}
	saved, _ := doc.Value().(map[string]any)
	var merged any = map[string]any{}
	for _, level := range levels {
		if attributes, ok := saved[level].(map[string]any); ok {
			merged = tree.Merge(merged, attributes)
		}
	}
	return merged.(map[string]any), nil
}

// NodeName makes of a node's name one that Chef allows and that is a file's.
func NodeName(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_", r) {
			return r
		}
		return '-'
	}, name)
	if clean == "" {
		return "node"
	}
	return clean[:min(len(clean), 200)]
}
