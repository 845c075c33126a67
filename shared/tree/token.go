package tree

import "unicode/utf8"

func (s *scanner) string(pos int) int {
	for pos++; ; {
		pos = skipPlain(s.text, pos)
		switch c := s.peek(pos); {
		case c == '"':
			return pos + 1
		case c == '\\':
			if pos = s.escape(pos + 1); pos == broken {
				return broken
			}
		case pos == len(s.text):
			return s.fail(pos, "the closing '\"' of a string")
		case c < ' ':
			return s.fail(pos, "an escape instead of a control character")
		default:
			r, size := utf8.DecodeRune(s.text[pos:])
			if r == utf8.RuneError && size == 1 {
				return s.fail(pos, "UTF-8")
			}
			pos += size
		}
	}
}

// escape scans what follows a backslash.
func (s *scanner) escape(pos int) int {
	switch s.peek(pos) {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return pos + 1
	case 'u':
		for range 4 {
			pos++
			if _, ok := hexDigit(s.peek(pos)); !ok {
				return s.fail(pos, "four hexadecimal digits after \\u")
			}
		}
		return pos + 1
	}
	return s.fail(pos, "one of \"\\/bfnrtu after a backslash")
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

func (s *scanner) number(pos int) int {
	if s.peek(pos) == '-' {
		pos++
	}
	if s.peek(pos) == '0' {
		pos++
	} else if pos = s.digits(pos); pos == broken {
		return broken
	}
	if s.peek(pos) == '.' {
		if pos = s.digits(pos + 1); pos == broken {
			return broken
		}
	}
	if c := s.peek(pos); c == 'e' || c == 'E' {
		pos++
		if c := s.peek(pos); c == '+' || c == '-' {
			pos++
		}
		return s.digits(pos)
	}
	return pos
}

func (s *scanner) digits(pos int) int {
	start := pos
	for pos < len(s.text) && s.text[pos]-'0' <= 9 {
		pos++
	}
	if pos == start {
		return s.fail(pos, "a digit")
	}
	return pos
}

func (s *scanner) literal(pos int, first byte) int {
	word := ""
	switch first {
	case 't':
		word = "true"
	case 'f':
		word = "false"
	case 'n':
		word = "null"
	}
	end := pos + len(word)
	if word == "" || end > len(s.text) || string(s.text[pos:end]) != word {
		return s.fail(pos, "a value")
	}
	return end
}
