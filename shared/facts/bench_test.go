package facts

import (
	"context"
	"testing"
)

func BenchmarkFact(b *testing.B) {
	m := Local()
	for _, f := range families {
		b.Run(f.keys[0], func(b *testing.B) {
			for b.Loop() {
				quiet := *m
				quiet.still = true
				f.compute(context.Background(), &quiet)
			}
		})
	}
}

func BenchmarkAll(b *testing.B) {
	for b.Loop() {
		Local().All(context.Background())
	}
}
