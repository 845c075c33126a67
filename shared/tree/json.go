package tree

import (
	"fmt"
	"unicode/utf16"
)

// JSON prints a value byte for byte as Python 3's
// json.dumps(value, indent=4, sort_keys=True), without a final newline. A
// float out of range is Infinity, as in Python, though JSON knows no such word.
func JSON(value any) []byte { return appendJSON(nil, value, 0) }

func appendJSON(b []byte, value any, depth int) []byte {
	switch v := value.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return fmt.Append(b, v)
	case string:
		return appendJSONString(b, v)
	case []any:
		return appendJSONList(b, v, depth)
	case map[string]any:
		return appendJSONObject(b, v, depth)
	case Element:
		return appendJSON(b, v.Value(), depth)
	}
	if repr, ok := scalar(value); ok {
		return append(b, jsonNumber(repr)...)
	}
	return appendJSONString(b, fmt.Sprint(value))
}

func appendJSONList(b []byte, list []any, depth int) []byte {
	if len(list) == 0 {
		return append(b, "[]"...)
	}
	b = append(b, '[')
	for i, value := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(appendBreak(b, depth+1), value, depth+1)
	}
	return append(appendBreak(b, depth), ']')
}

func appendJSONObject(b []byte, object map[string]any, depth int) []byte {
	if len(object) == 0 {
		return append(b, "{}"...)
	}
	b = append(b, '{')
	for i, m := range sorted(object) {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSONString(appendBreak(b, depth+1), m.key)
		b = append(b, ": "...)
		b = appendJSON(b, m.value, depth+1)
	}
	return append(appendBreak(b, depth), '}')
}

func appendBreak(b []byte, depth int) []byte {
	b = append(b, '\n')
	for range depth {
		b = append(b, "    "...)
	}
	return b
}

func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	for len(s) > 0 {
		r, size := decodeRune(s)
		s = s[size:]
		b = appendJSONRune(b, r)
	}
	return append(b, '"')
}

func appendJSONRune(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	if r >= ' ' && r <= '~' {
		return append(b, byte(r))
	}
	if high, low := utf16.EncodeRune(r); r > 0xffff {
		return fmt.Appendf(b, `\u%04x\u%04x`, high, low)
	}
	return fmt.Appendf(b, `\u%04x`, r)
}
