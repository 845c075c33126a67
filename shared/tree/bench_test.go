package tree

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
)

// hundredKilobytes is a tree as a node has it: mostly short strings, some
// levels deep, indented.
func hundredKilobytes() []byte {
	r := rand.New(rand.NewPCG(1, 1))
	var value func(depth int) any
	value = func(depth int) any {
		if depth > 0 {
			object := map[string]any{}
			for i := range 6 + r.IntN(6) {
				object[fmt.Sprintf("member_%d", i)] = value(depth - 1)
			}
			return object
		}
		return []any{r.IntN(1e6), fmt.Sprintf("a string value %d", r.Int()), true, nil, r.Float64(), []any{"a", "b", 1}}[r.IntN(6)]
	}
	tree := map[string]any{"zz": map[string]any{"last": map[string]any{"key": "value"}}}
	for i := 0; ; i++ {
		text, err := json.MarshalIndent(tree, "", "  ")
		if err != nil {
			panic(err)
		}
		if len(text) > 100_000 {
			return text
		}
		tree[fmt.Sprintf("project_%d", i)] = value(3)
	}
}

func BenchmarkLookup(b *testing.B) {
	text := hundredKilobytes()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, outcome, err := lookup("bench", text, "zz.last.key"); outcome != Found || err != nil {
			b.Fatal(outcome, err)
		}
	}
}
