// Package discreet reads JSON that may hold secrets: its errors say where the
// text is wrong, and nothing of what it holds.
package discreet

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// Unmarshal is json.Unmarshal with errors that may be shown to everybody.
func Unmarshal(text []byte, into any) error {
	err := json.Unmarshal(text, into)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return fmt.Errorf("%s: not JSON", position(text, syntax.Offset))
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%s: %q must be %s", position(text, kind.Offset), kind.Field, name(kind.Type))
	case errors.As(err, &kind):
		return fmt.Errorf("%s: it must be %s", position(text, kind.Offset), name(kind.Type))
	}
	return errors.New("not what it should be")
}

// name is what JSON calls a value of the type.
func name(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Pointer:
		return name(t.Elem())
	}
	return "a number"
}

// position is the line and column, both from 1, of the byte before offset.
func position(text []byte, offset int64) string {
	line, column := 1, 0
	for _, b := range text[:max(0, min(offset-1, int64(len(text))))] {
		column++
		if b == '\n' {
			line, column = line+1, 0
		}
	}
	return fmt.Sprintf("line %d, column %d", line, column+1)
}
