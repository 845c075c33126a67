package tree

import (
	"bytes"
	"strings"
)

const (
	space    = " \t\r\n"
	maxDepth = 500 // levels of nesting; Python's own limit is near 1000
)

const (
	// off marks a value that does not lie on the path to the key.
	off = -1
	// broken is the place behind something that is not JSON.
	broken = -1
)

// scanner checks a whole text and on the way finds a key.
//
// A value lies on the path with exactly one offset: the length of that part
// of the key, dot included, that led to it. The offset one past the key's end
// is the value looked for.
//
// Each step is given the place where something should start and gives the
// place behind it, or broken: a place kept here instead would go through
// memory a dozen times for each value.
type scanner struct {
	text   []byte
	key    string
	target int // offset of the value looked for
	start  int // offset of the root: 0, or off when nothing is looked for
	depth  int

	found place // where the last value on the path led to

	expected string // what JSON wants at pos, if the text is broken there
	pos      int
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
func (s *scanner) document() (found place, ok bool) {
	pos := s.value(s.blank(0), s.start)
	if pos == broken {
		return place{}, false
	}
	if pos = s.blank(pos); pos < len(s.text) {
		s.fail(pos, "the end of the file")
		return place{}, false
	}
	return s.found, true
}

// value scans a value that lies at an offset of the path.
func (s *scanner) value(pos, at int) (end int) {
	below := at
	if at == s.target {
		below = off
	}
	switch c := s.peek(pos); {
	case c == '"':
		end = s.string(pos)
	case c == '{':
		end = s.object(pos, below)
	case c == '[':
		end = s.list(pos, below)
	case c == '-' || c-'0' <= 9:
		end = s.number(pos)
	default:
		end = s.literal(pos, c)
	}
	switch {
	case at == off:
	case at == s.target:
		s.found = place{pos, end, Found}
	case s.peek(pos) != '{' && s.peek(pos) != '[':
		s.found = place{outcome: Obstructed}
	}
	return end
}

// object scans an object.
func (s *scanner) object(pos, at int) int {
	var on candidates
	pos, more := s.enter(pos, '}')
	for more {
		next := off
		if pos, next = s.member(pos, at); pos == broken {
			return broken
		}
		if pos = s.value(pos, next); pos == broken {
			return broken
		}
		if next != off {
			on = on.with(next, s.found)
		}
		pos, more = s.separator(pos, '}')
	}
	if at != off {
		s.found = on.best()
	}
	return pos
}

// list scans a list; on the path it is entered by a decimal index.
func (s *scanner) list(pos, at int) int {
	wanted, behind := off, off
	if at != off {
		wanted, behind = index(s.key, at)
	}
	found := place{outcome: Obstructed}
	pos, more := s.enter(pos, ']')
	for i := 0; more; i++ {
		next := off
		if i == wanted {
			next = behind
		}
		if pos = s.value(pos, next); pos == broken {
			return broken
		}
		if i == wanted && s.found.outcome == Found {
			found = s.found
		}
		pos, more = s.separator(pos, ']')
	}
	if at != off {
		s.found = found
	}
	return pos
}

// member scans a key and its colon, and gives the offset of its value.
func (s *scanner) member(pos, at int) (end, next int) {
	if s.peek(pos) != '"' {
		return s.fail(pos, "a key in double quotes"), off
	}
	end = s.string(pos)
	if end == broken {
		return broken, off
	}
	next = off
	if at != off {
		next = s.match(at, s.text[pos+1:end-1])
	}
	if end = s.blank(end); s.peek(end) != ':' {
		return s.fail(end, "':' after the key"), off
	}
	return s.blank(end + 1), next
}

// match is the offset behind an object's own key, or off.
func (s *scanner) match(at int, name []byte) int {
	if bytes.IndexByte(name, '\\') >= 0 {
		return step(s.key, at, unquote(name))
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

// enter steps into an object or list, and tells whether a member follows.
func (s *scanner) enter(pos int, closing byte) (end int, more bool) {
	if s.depth++; s.depth > maxDepth {
		return s.fail(pos, "at most 500 levels of nesting"), false
	}
	if pos = s.blank(pos + 1); s.peek(pos) == closing {
		s.depth--
		return pos + 1, false
	}
	return pos, true
}

// separator scans what follows a member, and tells whether another does.
func (s *scanner) separator(pos int, closing byte) (end int, more bool) {
	pos = s.blank(pos)
	switch s.peek(pos) {
	case ',':
		return s.blank(pos + 1), true
	case closing:
		s.depth--
		return pos + 1, false
	}
	return s.fail(pos, "',' or '"+string(closing)+"'"), false
}

// peek is the byte at pos. At the end of the text it is 0, which no rule of
// JSON expects.
func (s *scanner) peek(pos int) byte {
	if uint(pos) < uint(len(s.text)) {
		return s.text[pos]
	}
	return 0
}

// blank skips white space.
func (s *scanner) blank(pos int) int {
	if uint(pos) < uint(len(s.text)) && s.text[pos] <= ' ' {
		return skipBlank(s.text, pos)
	}
	return pos
}

// fail notes what JSON wants at pos.
func (s *scanner) fail(pos int, expected string) int {
	s.pos, s.expected = pos, expected
	return broken
}
