package main

import (
	"fmt"
	"io"

	"jetpack.internal/shared/tree"
)

// explain prints where an answer comes from, the highest layer first.
func explain(out io.Writer, key string, origins []origin, json bool) error {
	if json {
		_, err := fmt.Fprintf(out, "%s\n", tree.JSON(map[string]any{"key": key, "layers": describe(origins)}))
		return err
	}
	for _, o := range origins {
		if _, err := fmt.Fprintln(out, o); err != nil {
			return err
		}
	}
	return nil
}

func (o origin) String() string {
	switch {
	case o.File == "":
		return o.Layer
	case o.Line == 0:
		return o.Layer + " " + o.File
	}
	return fmt.Sprintf("%s %s:%d", o.Layer, o.File, o.Line)
}

func describe(origins []origin) []any {
	list := []any{}
	for _, o := range origins {
		layer := map[string]any{"layer": o.Layer, "file": nil, "line": nil}
		if o.File != "" {
			layer["file"] = o.File
		}
		if o.Line > 0 {
			layer["line"] = o.Line
		}
		list = append(list, layer)
	}
	return list
}
