package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"jetpack.internal/shared/tree"
)

// print prints the value of a key, for people and shells or as JSON.
func print(out io.Writer, key string, value any, json bool) error {
	if e, ok := value.(tree.Element); ok && e.IsObject() {
		value = e.Value()
	}
	object, isObject := value.(map[string]any)
	switch {
	case json && !isObject:
		value = map[string]any{key: value}
		fallthrough
	case json:
		_, err := fmt.Fprintf(out, "%s\n", tree.JSON(value))
		return err
	case isObject:
		return printKeys(out, key+".", object)
	}
	// io.WriteString would look for a method by its name: a percent of a start.
	_, err := out.Write([]byte(tree.Text(value) + "\n"))
	return err
}

// printKeys prints an object's keys, sorted, each behind a prefix that is empty
// or ends in a dot.
func printKeys(out io.Writer, prefix string, object map[string]any) error {
	keys := slices.AppendSeq(make([]string, 0, len(object)), maps.Keys(object))
	slices.Sort(keys)
	var line []byte
	for _, key := range keys {
		line = append(append(append(line[:0], tree.Text(prefix)...), tree.Text(key)...), '\n')
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return nil
}
