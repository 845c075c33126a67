package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"jetpack.internal/shared/tree"
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
		{"CycleCloud.NODE.name", []string{"cyclecloud.node.name"}},
		{"cyclecloud.Node.IP", []string{"cyclecloud.node.ip"}},
		{"CYCLECLOUD.NODE.NMAE", nil},
		{"HOSTNAME", []string{"hostname"}},
		{"Roles.0", []string{"roles.0"}},
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

// FuzzFold: a key that is offered exists and is the one asked for but for the
// case of letters, and a key that exists is found by any other case of it.
func FuzzFold(f *testing.F) {
	f.Add(`{"a": {"B.c": [{"D": 1}]}}`, "A.b.C.0.d", "a.B.c.0.D")
	f.Add(`{"a": [[{"d": 1}]]}`, "A.0.0.D", "a.0.0.d")
	f.Add(`{"": {"": 1}, ".": 2}`, ".", "..")
	f.Add(`{"K": 1, "\u212a": 2}`, "k", "K")
	f.Fuzz(func(t *testing.T, text, key, exact string) {
		var known map[string]any
		if json.Unmarshal([]byte(text), &known) != nil {
			return
		}
		if same := fold(known, key); same != "" {
			if _, found := tree.Find(known, same); !found || !strings.EqualFold(same, key) {
				t.Errorf("%q is offered for %q of %s", same, key, text)
			}
		}
		upper := strings.ToUpper(exact)
		if _, found := tree.Find(known, exact); found && exact != "" && len(upper) == len(exact) && strings.EqualFold(upper, exact) && fold(known, upper) == "" {
			t.Errorf("nothing is offered for %q of %s", upper, text)
		}
	})
}
