// Package tree is the configuration tree: it reads a JSON text, finds "a.b.c"
// in it, merges layers, and prints values as Python 3 prints them.
//
// A value is nil, a bool, a Number, a string, a []any or a map[string]any;
// int, int64, uint64 and float64, as the system facts hold them, print as well.
// A string may hold a lone surrogate, which JSON can escape but UTF-8 cannot
// express, as the three bytes that UTF-8's scheme would give it (WTF-8).
package tree

import "bytes"

// Number is a JSON number exactly as it was written.
type Number string

// Document is a JSON text that was found valid as a whole.
type Document struct{ text []byte }

// Parse checks a whole JSON text (RFC 8259, UTF-8, with or without a byte
// order mark) and keeps it; text must not change afterwards. The error is a
// *SyntaxError, marked exit.Usage, in which name stands for the file.
func Parse(name string, text []byte) (Document, error) {
	s := newScanner(text, "", false)
	if _, ok := s.document(); !ok {
		return Document{}, s.problem(name)
	}
	return Document{text: s.text}, nil
}

// Value is the whole document as a Go value.
func (d Document) Value() any { return d.Root().Value() }

// Root is the whole document as an element.
func (d Document) Root() Element { return Element{text: bytes.Trim(d.text, space), Line: 1} }

// Find is the value of a dotted key: see Find, the function.
func (d Document) Find(key string) (value any, found bool) {
	e, outcome := d.Lookup(key)
	if outcome != Found {
		return nil, false
	}
	return e.Value(), true
}

// Lookup is Find that does not decode what it found, and tells an obstructed
// key from a missing one.
func (d Document) Lookup(key string) (Element, Outcome) {
	s := newScanner(d.text, key, true)
	at, _ := s.document()
	return s.element(at)
}

// Element is one value inside a document, valid and not decoded yet.
type Element struct {
	text []byte
	// Line is the line of the file on which the value starts, from 1.
	Line int
}

// Value decodes the element.
func (e Element) Value() any {
	d := decoder{text: e.text}
	return d.value()
}

// IsObject tells whether the element is an object.
func (e Element) IsObject() bool { return len(e.text) > 0 && e.text[0] == '{' }

// IsList tells whether the element is a list.
func (e Element) IsList() bool { return len(e.text) > 0 && e.text[0] == '[' }
