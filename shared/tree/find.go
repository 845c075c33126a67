package tree

import (
	"bytes"
	"strconv"
	"strings"
)

// Outcome is what became of the search for a key in one layer.
type Outcome int

const (
	// Missing: the key is not there.
	Missing Outcome = iota
	// Obstructed: the key is not there, and its path runs into a value that is
	// no object: in a merge, nothing of a lower layer shows through that.
	Obstructed
	// Found: the key is there.
	Found
)

// Find is the value of a dotted key inside a value. A key matches nested
// objects and an object's own keys that hold dots: of several, the longest
// that leads to something wins. List elements match by decimal index.
func Find(value any, key string) (any, bool) {
	value, outcome := Locate(value, key)
	return value, outcome == Found
}

// Locate is Find that tells an obstructed key from a missing one.
func Locate(value any, key string) (any, Outcome) { return locate(value, key, 0) }

func locate(value any, key string, at int) (any, Outcome) {
	if at == len(key)+1 {
		return value, Found
	}
	switch v := value.(type) {
	case map[string]any:
		return locateIn(v, key, at)
	case []any:
		if i, next := index(key, at); i != off && i < len(v) {
			if found, outcome := locate(v[i], key, next); outcome == Found {
				return found, Found
			}
		}
	}
	return nil, Obstructed
}

// locateIn tries an object's own keys, the longest first.
func locateIn(object map[string]any, key string, at int) (any, Outcome) {
	outcome := Missing
	for end := len(key); end >= at; end = at + strings.LastIndexByte(key[at:end], '.') {
		if member, ok := object[key[at:end]]; ok {
			found, o := locate(member, key, end+1)
			if o == Found {
				return found, Found
			}
			outcome = max(outcome, o)
		}
	}
	return nil, outcome
}

// index reads the segment at an offset of the key as a list index: decimal,
// without sign or leading zeros, so that an element has one name only.
func index(key string, at int) (i, next int) {
	if at > len(key) {
		return off, off
	}
	segment, _, _ := strings.Cut(key[at:], ".")
	i, err := strconv.Atoi(segment)
	if err != nil || i < 0 || segment[0] == '+' || segment[0] == '-' || len(segment) > 1 && segment[0] == '0' {
		return off, off
	}
	return i, at + len(segment) + 1
}

// candidates are those members of one object that are on the path, each told
// by the offset behind its key.
type candidates []struct {
	next  int
	found place
}

// with adds a member. A key that comes again replaces its predecessor, even
// where it leads nowhere.
func (c candidates) with(next int, found place) candidates {
	for i := range c {
		if c[i].next == next {
			c[i].found = found
			return c
		}
	}
	return append(c, struct {
		next  int
		found place
	}{next, found})
}

// best is what the longest key that leads to something leads to.
func (c candidates) best() place {
	longest, best := off, place{}
	for _, member := range c {
		if member.found.outcome == Found && member.next > longest {
			longest, best = member.next, member.found
		} else if longest == off {
			best.outcome = max(best.outcome, member.found.outcome)
		}
	}
	return best
}

// element is what a place in the text holds.
func (s *scanner) element(at place) (Element, Outcome) {
	if at.outcome != Found {
		return Element{}, at.outcome
	}
	line := 1 + bytes.Count(s.text[:at.start], []byte{'\n'})
	return Element{text: s.text[at.start:at.end], Line: line}, Found
}
