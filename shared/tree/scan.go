package tree

import (
	"bytes"
	"strings"
)

const (
	space    = " \t\r\n"
	maxDepth = 500 // levels of nesting; Python's own limit is near 1000
)

// off marks a value that does not lie on the path to the key.
const off = -1

// scanner checks a whole text and on the way finds a key.
//
// A value lies on the path with exactly one offset: the length of that part
// of the key, dot included, that led to it. The offset one past the key's end
// is the value looked for.
type scanner struct {
	text     []byte
	pos      int
	depth    int
	key      string
	target   int    // offset of the value looked for
	start    int    // offset of the root: 0, or off when nothing is looked for
	expected string // set when the text is broken at pos
}

// place is where the search led to: a stretch of the text if outcome is Found.
type place struct {
	start, end int
	outcome    Outcome
}

func newScanner(text []byte, key string, find bool) *scanner {
	s := &scanner{text: bytes.TrimPrefix(text, []byte("\ufeff")), key: key, target: len(key) + 1, start: off}
	if find {
		s.start = 0
	}
	return s
}

// document scans the whole text.
func (s *scanner) document() (at place, ok bool) {
	s.skipSpace()
	if at, ok = s.value(s.start); !ok {
		return place{}, false
	}
	if s.skipSpace(); s.pos < len(s.text) {
		return place{}, s.fail("the end of the file")
	}
	return at, true
}

// value scans the value at pos, which lies at an offset of the path, and
// gives the place of what was found in it or below it.
func (s *scanner) value(at int) (found place, ok bool) {
	start, below := s.pos, at
	if at == s.target {
		below = off
	}
	found.outcome = Obstructed
	switch c := s.peek(); {
	case c == '"':
		_, ok = s.string()
	case c == '{':
		found, ok = s.object(below)
	case c == '[':
		found, ok = s.list(below)
	case c == '-' || c >= '0' && c <= '9':
		ok = s.number()
	default:
		ok = s.literal(c)
	}
	if at == s.target {
		found = place{start, s.pos, Found}
	}
	return found, ok
}

// object scans an object.
func (s *scanner) object(at int) (place, bool) {
	if !s.enter('}') {
		return place{}, s.expected == ""
	}
	var on candidates
	for {
		next, ok := s.member(at)
		if !ok {
			return place{}, false
		}
		found, ok := s.value(next)
		if !ok {
			return place{}, false
		}
		if next != off {
			on = on.with(next, found)
		}
		if more, ok := s.separator('}', "',' or '}'"); !more {
			return on.best(), ok
		}
	}
}

// list scans a list; on the path it is entered by a decimal index.
func (s *scanner) list(at int) (found place, ok bool) {
	found.outcome = Obstructed
	wanted, behind := off, off
	if at != off {
		wanted, behind = index(s.key, at)
	}
	if !s.enter(']') {
		return found, s.expected == ""
	}
	for i := 0; ; i++ {
		next := off
		if i == wanted {
			next = behind
		}
		element, ok := s.value(next)
		if !ok {
			return place{}, false
		}
		if i == wanted && element.outcome == Found {
			found = element
		}
		if more, ok := s.separator(']', "',' or ']'"); !more {
			return found, ok
		}
	}
}

// member scans a key and its colon, and gives the offset of its value.
func (s *scanner) member(at int) (next int, ok bool) {
	if s.peek() != '"' {
		return off, s.fail("a key in double quotes")
	}
	start := s.pos + 1
	plain, ok := s.string()
	if !ok {
		return off, false
	}
	next = off
	if at != off {
		next = s.match(at, s.text[start:s.pos-1], plain)
	}
	if s.skipSpace(); s.peek() != ':' {
		return off, s.fail("':' after the key")
	}
	s.pos++
	s.skipSpace()
	return next, true
}

// match is the offset behind an object's own key, or off.
func (s *scanner) match(at int, name []byte, plain bool) int {
	if !plain {
		name = []byte(unquote(name))
	}
	return step(s.key, at, string(name)) // does not allocate: step is inlined
}

// step is the offset behind name, if the key has it at an offset as one or
// more whole segments, or off.
func step(key string, at int, name string) int {
	if end := at + len(name); strings.HasPrefix(key[at:], name) && (end == len(key) || key[end] == '.') {
		return end + 1
	}
	return off
}

// enter steps into an object or list; false when it is empty, or too deep.
func (s *scanner) enter(closing byte) bool {
	if s.depth++; s.depth > maxDepth {
		return s.fail("at most 500 levels of nesting")
	}
	s.pos++
	if s.skipSpace(); s.peek() == closing {
		s.pos++
		s.depth--
		return false
	}
	return true
}

// separator scans what follows a member: a comma, or the end.
func (s *scanner) separator(closing byte, expected string) (more, ok bool) {
	s.skipSpace()
	switch s.peek() {
	case ',':
		s.pos++
		s.skipSpace()
		return true, true
	case closing:
		s.pos++
		s.depth--
		return false, true
	}
	return false, s.fail(expected)
}

// peek is the byte at pos. At the end of the text it is 0, which no rule of
// JSON expects.
func (s *scanner) peek() byte {
	if s.pos < len(s.text) {
		return s.text[s.pos]
	}
	return 0
}

func (s *scanner) skipSpace() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\n', '\r', '\t':
			s.pos++
		default:
			return
		}
	}
}

// fail notes what JSON wants at pos.
func (s *scanner) fail(expected string) bool {
	s.expected = expected
	return false
}
