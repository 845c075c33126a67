package tree

import (
	"encoding/binary"
	"math/bits"
)

// The scan looks at eight bytes at a time where it can: a tree is mostly
// strings and indentation, and its scan is the larger part of printing a key.
const (
	ones   = 0x0101010101010101
	sevens = 0x7f * ones
	highs  = 0x80 * ones
)

// skipPlain gives the place, from pos on, of the first byte that is not
// ordinary inside a string: a quote, a backslash, a control character or the
// start of something beyond ASCII. At the end of the text that is its length.
func skipPlain(text []byte, pos int) int {
	for ; pos+8 <= len(text); pos += 8 {
		w := binary.LittleEndian.Uint64(text[pos:])
		// In each of the three terms a byte's high bit is clear if the byte is a
		// quote, a backslash, a control character; a byte beyond ASCII carries
		// into the next ones, but is special itself and comes first.
		plain := (w ^ '"'*ones + sevens) & (w ^ '\\'*ones + sevens) & (w + (0x80-' ')*ones)
		if special := (^plain | w) & highs; special != 0 {
			return pos + bits.TrailingZeros64(special)/8
		}
	}
	for pos < len(text) && text[pos] >= ' ' && text[pos] < 0x80 && text[pos] != '"' && text[pos] != '\\' {
		pos++
	}
	return pos
}

// skipBlank gives the place, from pos on, of the first byte that is no white
// space. It is not inlined so that its caller, whose answer is mostly "none",
// can be.
//
//go:noinline
func skipBlank(text []byte, pos int) int {
	if uint(pos)+1 < uint(len(text)) && text[pos] == ' ' && text[pos+1] > ' ' {
		return pos + 1
	}
	for pos < len(text) {
		switch text[pos] {
		case ' ', '\n', '\r', '\t':
			pos++
		default:
			return pos
		}
		for pos+8 <= len(text) {
			other := binary.LittleEndian.Uint64(text[pos:]) ^ ' '*ones
			pos += bits.TrailingZeros64(other) / 8
			if other != 0 {
				break
			}
		}
	}
	return pos
}
