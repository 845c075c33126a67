package tree

import (
	"unicode/utf16"
	"unicode/utf8"
)

// appendRune is utf8.AppendRune that can express a lone surrogate.
func appendRune(b []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(b, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
	}
	return utf8.AppendRune(b, r)
}

// decodeRune is utf8.DecodeRuneInString that can express a lone surrogate. A
// byte that is neither is U+FFFD with size 1.
func decodeRune(s string) (r rune, size int) {
	if r, size = utf8.DecodeRuneInString(s); r != utf8.RuneError || size != 1 || len(s) < 3 {
		return r, size
	}
	if s[0] == 0xed && s[1] >= 0xa0 && s[1] <= 0xbf && s[2] >= 0x80 && s[2] <= 0xbf {
		return 0xd000 | rune(s[1]&0x3f)<<6 | rune(s[2]&0x3f), 3
	}
	return utf8.RuneError, 1
}

// printable replaces lone surrogates, each by one U+FFFD. Other bytes pass
// unchanged: they are the caller's own.
func printable(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	b := make([]byte, 0, len(s))
	for len(s) > 0 {
		r, size := decodeRune(s)
		if utf16.IsSurrogate(r) {
			b = utf8.AppendRune(b, utf8.RuneError)
		} else {
			b = append(b, s[:size]...)
		}
		s = s[size:]
	}
	return string(b)
}
