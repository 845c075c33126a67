package tree

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decoder makes Go values of a text that is known to be valid.
type decoder struct {
	text    []byte
	pos     int
	ordered bool // objects become members, in the order of the text
}

// members is an object in the order of its text.
type members []member

type member struct {
	key   string
	value any
}

func (d *decoder) value() any {
	switch d.next() {
	case '"':
		return d.string()
	case '{':
		if d.ordered {
			return d.members()
		}
		return d.object()
	case '[':
		return d.list()
	case 't':
		d.pos += len("true")
		return true
	case 'f':
		d.pos += len("false")
		return false
	case 'n':
		d.pos += len("null")
		return nil
	}
	start := d.pos
	for d.pos < len(d.text) && strings.IndexByte("+-.0123456789Ee", d.text[d.pos]) >= 0 {
		d.pos++
	}
	return Number(d.text[start:d.pos])
}

func (d *decoder) object() map[string]any {
	object := map[string]any{}
	d.each('}', func() {
		key := d.key()
		object[key] = d.value()
	})
	return object
}

// members keeps the place of a key's first appearance and the value of its
// last, as Python's dict does.
func (d *decoder) members() members {
	var list members
	places := map[string]int{}
	d.each('}', func() {
		key := d.key()
		value := d.value()
		if i, ok := places[key]; ok {
			list[i].value = value
			return
		}
		places[key] = len(list)
		list = append(list, member{key, value})
	})
	return list
}

func (d *decoder) list() []any {
	list := []any{}
	d.each(']', func() { list = append(list, d.value()) })
	return list
}

// each calls read at the start of every member.
func (d *decoder) each(closing byte, read func()) {
	d.pos++
	for c := d.next(); c != closing; c = d.next() {
		if c == ',' {
			d.pos++
			d.next()
		}
		read()
	}
	d.pos++
}

func (d *decoder) key() string {
	key := d.string()
	d.next()
	d.pos++ // the colon
	return key
}

func (d *decoder) string() string {
	start := d.pos + 1
	end := start + bytes.IndexByte(d.text[start:], '"')
	if bytes.IndexByte(d.text[start:end], '\\') < 0 {
		d.pos = end + 1
		return string(d.text[start:end])
	}
	for end = start; d.text[end] != '"'; end++ {
		if d.text[end] == '\\' {
			end++
		}
	}
	d.pos = end + 1
	return unquote(d.text[start:end])
}

// next skips white space and peeks.
func (d *decoder) next() byte {
	for strings.IndexByte(space, d.text[d.pos]) >= 0 {
		d.pos++
	}
	return d.text[d.pos]
}

// unquote resolves the escapes of a string.
func unquote(quoted []byte) string {
	plain := make([]byte, 0, len(quoted))
	for i := 0; i < len(quoted); i++ {
		c := quoted[i]
		if c != '\\' {
			plain = append(plain, c)
			continue
		}
		i++
		switch c = quoted[i]; c {
		case 'b':
			plain = append(plain, '\b')
		case 'f':
			plain = append(plain, '\f')
		case 'n':
			plain = append(plain, '\n')
		case 'r':
			plain = append(plain, '\r')
		case 't':
			plain = append(plain, '\t')
		case 'u':
			r, size := unicodeEscape(quoted[i-1:])
			plain = appendRune(plain, r)
			i += size - len(`\u`)
		default:
			plain = append(plain, c)
		}
	}
	return string(plain)
}

// unicodeEscape reads one escape, or two if they are a pair of surrogates.
func unicodeEscape(quoted []byte) (r rune, size int) {
	r = hex4(quoted[2:])
	if len(quoted) >= 12 && quoted[6] == '\\' && quoted[7] == 'u' {
		if pair := utf16.DecodeRune(r, hex4(quoted[8:])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return r, 6
}

func hex4(digits []byte) (r rune) {
	for _, c := range digits[:4] {
		digit, _ := hexDigit(c)
		r = r<<4 | digit
	}
	return r
}
