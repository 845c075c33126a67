package tree

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Text prints a value as Python 3's print(value) does, without the newline: a
// string as it is, with U+FFFD for lone surrogates; anything else as repr. The
// objects inside an Element come in the order of its text, as in Python;
// those inside a map, which has no order, are sorted.
func Text(value any) string {
	if e, ok := value.(Element); ok {
		value = e.ordered()
	}
	if s, ok := value.(string); ok {
		return printable(s)
	}
	return string(appendRepr(nil, value))
}

func (e Element) ordered() any {
	d := decoder{text: e.text, ordered: true}
	return d.value()
}

func appendRepr(b []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(b, "None"...)
	case bool:
		if v {
			return append(b, "True"...)
		}
		return append(b, "False"...)
	case string:
		return appendQuoted(b, v)
	case []any:
		return appendList(b, v)
	case members:
		return appendDict(b, v)
	case map[string]any:
		return appendDict(b, sorted(v))
	case Element:
		return appendRepr(b, v.ordered())
	}
	if repr, ok := scalar(value); ok {
		return append(b, repr...)
	}
	return appendQuoted(b, fmt.Sprint(value))
}

func appendList(b []byte, list []any) []byte {
	b = append(b, '[')
	for i, value := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendRepr(b, value)
	}
	return append(b, ']')
}

func appendDict(b []byte, object members) []byte {
	b = append(b, '{')
	for i, m := range object {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendQuoted(b, m.key)
		b = append(b, ": "...)
		b = appendRepr(b, m.value)
	}
	return append(b, '}')
}

// sorted gives an object's members in the order of their keys' code points,
// which is that of their bytes.
func sorted(object map[string]any) members {
	list := make(members, 0, len(object))
	for _, key := range slices.Sorted(maps.Keys(object)) {
		list = append(list, member{key, object[key]})
	}
	return list
}

// appendQuoted quotes as Python's repr: in double quotes only if that saves
// escaping. strconv's idea of what can be printed is that of Unicode 15, one
// version ahead of Python 3.11.
func appendQuoted(b []byte, s string) []byte {
	quote := byte('\'')
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		quote = '"'
	}
	b = append(b, quote)
	for len(s) > 0 {
		r, size := decodeRune(s)
		switch {
		case r == rune(quote) || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case strconv.IsPrint(r):
			b = append(b, s[:size]...)
		default:
			b = appendEscaped(b, r)
		}
		s = s[size:]
	}
	return append(b, quote)
}

func appendEscaped(b []byte, r rune) []byte {
	switch {
	case r < 0x100:
		return fmt.Appendf(b, `\x%02x`, r)
	case r < 0x10000:
		return fmt.Appendf(b, `\u%04x`, r)
	}
	return fmt.Appendf(b, `\U%08x`, r)
}
