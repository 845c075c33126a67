package main

import (
	"context"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"jetpack.internal/shared/tree"
)

// remembered is a layer that counts how often it is asked.
type remembered struct {
	tree  map[string]any
	asked *int
}

func (l remembered) find(_ context.Context, key string) (any, origin, tree.Outcome, error) {
	*l.asked++
	value, outcome := tree.Locate(l.tree, key)
	return value, origin{Layer: "remembered"}, outcome, nil
}

func (l remembered) whole(context.Context) (map[string]any, error) { return l.tree, nil }

// randomObject has names without dots: only then is a key read in one way.
func randomObject(r *rand.Rand, depth int) map[string]any {
	object := map[string]any{}
	for range r.IntN(4) {
		name := string(rune('a' + r.IntN(3)))
		switch {
		case depth > 0 && r.IntN(3) > 0:
			object[name] = randomObject(r, depth-1)
		case r.IntN(4) == 0:
			object[name] = []any{randomObject(r, 0)}
		default:
			object[name] = tree.Number("1")
		}
	}
	return object
}

// TestLayersAreAMerge: what the layers say to a key is what their merge says,
// although most of them are not asked.
func TestLayersAreAMerge(t *testing.T) {
	found := 0
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 7))
		asked := 0
		s := &stack{}
		for range 4 {
			s.layers = append(s.layers, remembered{randomObject(r, 3), &asked})
		}
		var segments []string
		for range 1 + r.IntN(4) {
			segments = append(segments, []string{"a", "b", "c", "0"}[r.IntN(4)])
		}
		key := strings.Join(segments, ".")
		whole, err := s.whole(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want, wantFound := tree.Find(whole, key)
		got, gotFound, err := s.find(t.Context(), key)
		if err != nil || gotFound != wantFound || gotFound && !reflect.DeepEqual(got.value, want) {
			t.Fatalf("seed %d: %q of %v: %v %v %v, in the merge %v %v", seed, key, s.layers, got.value, gotFound, err, want, wantFound)
		}
		if gotFound {
			found++
		}
	}
	if found < 2000 {
		t.Errorf("only %d keys found: proves little", found)
	}
}

// TestHighestLayerIsEnough: a value found in a high layer asks no lower one.
func TestHighestLayerIsEnough(t *testing.T) {
	high, low := 0, 0
	s := &stack{layers: []layer{
		remembered{map[string]any{"a": true, "o": map[string]any{}}, &high},
		remembered{map[string]any{"a": false}, &low},
	}}
	for key, want := range map[string]int{"a": 0, "a.b": 0, "o": 1, "o.x": 1, "nope": 1} {
		high, low = 0, 0
		if _, _, err := s.find(t.Context(), key); err != nil || high != 1 || low != want {
			t.Errorf("%q: %v; asked the high layer %d times, the low one %d times, want %d", key, err, high, low, want)
		}
	}
}
