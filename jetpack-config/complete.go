package main

import (
	"context"
	"slices"
	"strings"

	"jetpack.internal/shared/tree"
)

// known is what can be told at once, for hints and completion: the files, the
// facts asked for before, and the names of the others. A file that cannot be
// read has nothing to offer.
func (s *stack) known(ctx context.Context) any {
	var all any = map[string]any{}
	for _, l := range slices.Backward(s.layers) {
		switch l := l.(type) {
		case stored:
			if object, err := l.whole(ctx); err == nil {
				all = tree.Merge(all, object)
			}
		case machine:
			all = tree.Merge(l.known(), all)
		}
	}
	return all
}

// complete gives the keys that start with word and go on to its next dot. An
// own key may hold dots, so every dot of word may be where a level begins. A
// key that is the only one, and an object's, has the dot after it.
func (s *stack) complete(ctx context.Context, word string) []string {
	var words []string
	for end := -1; end < len(word); end++ {
		if end >= 0 && word[end] != '.' {
			continue
		}
		for key := range s.level(ctx, word[:max(end, 0)], end < 0) {
			if key = word[:end+1] + key; strings.HasPrefix(key, word) {
				words = append(words, tree.Text(key))
			}
		}
	}
	slices.Sort(words)
	words = slices.Compact(words)
	if len(words) == 1 && len(s.level(ctx, words[0], false)) > 0 {
		words[0] += "."
	}
	return words
}

// level is the object at a key, or the top of the tree.
func (s *stack) level(ctx context.Context, key string, top bool) map[string]any {
	if top {
		object, _ := s.known(ctx).(map[string]any)
		return object
	}
	a, _, err := s.find(ctx, key)
	if err != nil {
		return nil
	}
	if e, ok := a.value.(tree.Element); ok {
		a.value = e.Value()
	}
	object, _ := a.value.(map[string]any)
	return object
}
