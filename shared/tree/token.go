package tree

import "unicode/utf8"

// string scans a string; plain means it holds no escapes.
func (s *scanner) string() (plain, ok bool) {
	s.pos++
	plain = true
	for s.pos < len(s.text) {
		switch c := s.text[s.pos]; {
		case c == '"':
			s.pos++
			return plain, true
		case c == '\\':
			plain = false
			if !s.escape() {
				return false, false
			}
		case c < ' ':
			return false, s.fail("an escape instead of a control character")
		case c < utf8.RuneSelf:
			s.pos++
		default:
			r, size := utf8.DecodeRune(s.text[s.pos:])
			if r == utf8.RuneError && size == 1 {
				return false, s.fail("UTF-8")
			}
			s.pos += size
		}
	}
	return false, s.fail("the closing '\"' of a string")
}

func (s *scanner) escape() bool {
	s.pos++
	switch s.peek() {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos++
		return true
	case 'u':
		s.pos++
		for range 4 {
			if _, ok := hexDigit(s.peek()); !ok {
				return s.fail("four hexadecimal digits after \\u")
			}
			s.pos++
		}
		return true
	}
	return s.fail("one of \"\\/bfnrtu after a backslash")
}

func hexDigit(c byte) (value rune, ok bool) {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0'), true
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}

func (s *scanner) number() bool {
	if s.peek() == '-' {
		s.pos++
	}
	if s.peek() == '0' {
		s.pos++
	} else if !s.digits() {
		return false
	}
	if s.peek() == '.' {
		s.pos++
		if !s.digits() {
			return false
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		return s.digits()
	}
	return true
}

func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.text) && s.text[s.pos] >= '0' && s.text[s.pos] <= '9' {
		s.pos++
	}
	return s.pos > start || s.fail("a digit")
}

func (s *scanner) literal(first byte) bool {
	word := ""
	switch first {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	}
	end := s.pos + len(word)
	if word == "" || end > len(s.text) || string(s.text[s.pos:end]) != word {
		return s.fail("a value")
	}
	s.pos = end
	return true
}
