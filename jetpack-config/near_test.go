package main

import (
	"slices"
	"testing"
)

func TestNear(t *testing.T) {
	known := map[string]any{
		"cyclecloud": map[string]any{
			"node":      map[string]any{"name": "n", "id": 1},
			"node.ip":   "own key",
			"cluster":   map[string]any{"name": "c"},
			"clusterid": 1,
		},
		"hostname": nil,
		"roles":    []any{1},
	}
	for _, c := range []struct {
		key  string
		want []string
	}{
		{"cyclecloud.nod.name", []string{"cyclecloud.node.name"}},
		{"cyclecloud.nod.nonsense", []string{"cyclecloud.node"}},
		{"cyclecloud.node.nam", []string{"cyclecloud.node.name"}},
		{"cyclecloud.nodeip", []string{"cyclecloud.node.ip", "cyclecloud.node"}},
		{"cyclecloud.clusteri", []string{"cyclecloud.cluster", "cyclecloud.clusterid"}},
		{"hostnmae", []string{"hostname"}},
		{"roles.7", []string{"roles"}},
		{"x", nil},
		{"", nil},
		{".", nil},
		{"cyclecloud.", nil},
		{"cyclecloud..name", nil},
	} {
		if got := near(known, c.key); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.key, got, c.want)
		}
	}
}
