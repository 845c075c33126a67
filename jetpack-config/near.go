package main

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/subcmd"
	"jetpack.internal/shared/tree"
)

// maxNear is how many near keys are worth reading.
const maxNear = 3

// missing is the error for a key that is nowhere.
func (s *stack) missing(ctx context.Context, key string) error {
	err := exit.Errorf(exit.No, "no such key: %q", key)
	if near := near(s.around(ctx, key), key); len(near) > 0 {
		return exit.Hint(err, "did you mean %s?", strings.Join(near, " or "))
	}
	if _, e := os.Stat(s.home.Configuration()); errors.Is(e, fs.ErrNotExist) {
		return exit.Hint(err, "there is no configuration yet: %s", s.home.Configuration())
	}
	return err
}

// around is what is known, and what is about the key's first part in whatever
// case: metadata that were asked for already, or a fact.
func (s *stack) around(ctx context.Context, key string) any {
	var asked any = map[string]any{}
	for _, l := range s.layers {
		switch l := l.(type) {
		case machine:
			l.learn(ctx, key)
		case metadata:
			if !l.mayHave(key) {
				continue
			}
			if all, err := l.whole(ctx); err == nil {
				asked = all
			}
		}
	}
	return tree.Merge(asked, s.known(ctx))
}

// near gives the keys that somebody who typed key may have meant, among the
// children of the deepest object that the start of key leads to.
func near(known any, key string) []string {
	if same := fold(known, key); same != "" {
		return []string{tree.Text(same)}
	}
	level, at := deepest(known, key, 0)
	rest := key[at:]
	children := slices.Sorted(maps.Keys(level))
	names := subcmd.Near(rest, children)
	if segment, tail, dotted := strings.Cut(rest, "."); dotted {
		for _, name := range subcmd.Near(segment, children) {
			if _, found := tree.Find(level, name+"."+tail); found {
				name += "." + tail
			}
			names = append(names, name)
		}
	}
	var keys []string
	for _, name := range names {
		if name = tree.Text(key[:at] + name); !slices.Contains(keys, name) {
			keys = append(keys, name)
		}
	}
	return keys[:min(len(keys), maxNear)]
}

// deepest is the object that the longest start of key leads to, and the
// offset of what is left of key.
func deepest(value any, key string, at int) (level map[string]any, left int) {
	object, ok := value.(map[string]any)
	if !ok {
		return nil, -1
	}
	level, left = object, at
	for end := at; end < len(key); end++ {
		if key[end] != '.' {
			continue
		}
		if below, offset := deepest(object[key[at:end]], key, end+1); offset > left {
			level, left = below, offset
		}
	}
	return level, left
}

// fold is the key that differs from key in upper and lower case alone, "" for
// none. An own key may hold dots.
func fold(value any, key string) string {
	children, _ := value.(map[string]any)
	if list, ok := value.([]any); ok {
		index, _, _ := strings.Cut(key, ".")
		if element, found := tree.Find(list, index); found {
			children = map[string]any{index: element}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(children)) {
		end := len(name)
		if end > len(key) || !strings.EqualFold(name, key[:end]) {
			continue
		}
		if end == len(key) {
			return name
		}
		if key[end] != '.' {
			continue
		}
		rest := key[end+1:]
		if _, found := tree.Find(children[name], rest); found {
			return name + "." + rest
		}
		if rest = fold(children[name], rest); rest != "" {
			return name + "." + rest
		}
	}
	return ""
}
