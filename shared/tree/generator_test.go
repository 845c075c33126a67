package tree

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// generator writes random JSON, and remembers paths to choose keys from.
type generator struct {
	*rand.Rand
	b     []byte
	path  []string
	paths []string
}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 20221))}
}

func (g *generator) document() []byte {
	if g.IntN(20) == 0 {
		g.b = append(g.b, "\ufeff"...)
	}
	g.space()
	if g.IntN(10) == 0 {
		g.value(2)
	} else {
		g.object(g.IntN(6))
	}
	g.space()
	return g.b
}

func (g *generator) one(of ...string) string { return of[g.IntN(len(of))] }

func (g *generator) space() {
	if g.IntN(3) == 0 {
		g.b = append(g.b, g.one(" ", "\n", "\t", "\r\n", "\n    ", "  ")...)
	}
}

func (g *generator) value(depth int) {
	g.paths = append(g.paths, strings.Join(g.path, "."))
	switch n := g.IntN(12); {
	case n < 3 && depth > 0:
		g.object(depth)
	case n < 5 && depth > 0:
		g.list(depth)
	case n < 8:
		g.string(g.runes(g.IntN(12)))
	case n < 11:
		g.b = append(g.b, g.number()...)
	default:
		g.b = append(g.b, g.one("true", "false", "null")...)
	}
}

func (g *generator) object(depth int) {
	g.b = append(g.b, '{')
	g.space()
	for i := range g.IntN(6) {
		if i > 0 {
			g.b = append(g.b, ',')
			g.space()
		}
		name := g.name()
		g.string([]rune(name))
		g.space()
		g.b = append(g.b, ':')
		g.space()
		g.within(name, func() { g.value(depth - 1) })
		g.space()
	}
	g.b = append(g.b, '}')
}

func (g *generator) list(depth int) {
	g.b = append(g.b, '[')
	g.space()
	for i := range g.IntN(5) {
		if i > 0 {
			g.b = append(g.b, ',')
			g.space()
		}
		g.within(fmt.Sprint(i), func() { g.value(depth - 1) })
		g.space()
	}
	g.b = append(g.b, ']')
}

func (g *generator) within(name string, do func()) {
	g.path = append(g.path, name)
	do()
	g.path = g.path[:len(g.path)-1]
}

// name is mostly from a small set, so that objects have names twice, and keys
// have more than one reading.
func (g *generator) name() string {
	if g.IntN(8) == 0 {
		runes := g.runes(g.IntN(5))
		for i, r := range runes {
			if utf16.IsSurrogate(r) {
				runes[i] = '"' // a key on the command line cannot hold it
			}
		}
		return string(runes)
	}
	return g.one("a", "b", "c", "a.b", "b.c", "a.b.c", "", ".", "0", "1", "two words", "it's", `"q"`, "é", "a\\", "\n", "😀")
}

func (g *generator) key() string {
	if len(g.paths) == 0 || g.IntN(6) == 0 {
		return g.one("a", "a.b", "a.b.c", "0", "a.0", "a.00", "a.-1", "..", "", "a.", "nope")
	}
	return g.paths[g.IntN(len(g.paths))]
}

func (g *generator) runes(n int) (runes []rune) {
	for len(runes) < n {
		var r rune
		switch g.IntN(8) {
		case 0:
			r = rune(g.IntN(0x20))
		case 1:
			r = rune(g.IntN(0x300))
		case 2:
			r = rune(g.IntN(utf8.MaxRune + 1))
		case 3:
			r = rune(0xd7f0 + g.IntN(0x830)) // surrogates and their neighbours
		case 4:
			r = []rune{'"', '\'', '\\', '/', 0x7f, 0xa0, 0xad, 0x2028, 0xfeff, 0xffff, 0x1f600}[g.IntN(11)]
		default:
			r = rune(' ' + g.IntN(0x5f))
		}
		runes = append(runes, r)
	}
	return runes
}

// string writes each character in one of the ways that JSON has for it.
func (g *generator) string(runes []rune) {
	g.b = append(g.b, '"')
	for _, r := range runes {
		short := strings.IndexRune("\"\\/\b\f\n\r\t", r)
		switch {
		case short >= 0 && (r != '/' || g.IntN(2) == 0):
			g.b = append(g.b, '\\', `"\/bfnrt`[short])
		case r < ' ' || utf16.IsSurrogate(r) || g.IntN(10) == 0:
			g.escape(r)
		default:
			g.b = utf8.AppendRune(g.b, r)
		}
	}
	g.b = append(g.b, '"')
}

func (g *generator) escape(r rune) {
	format := g.one(`\u%04x`, `\u%04X`)
	if r > 0xffff {
		high, low := utf16.EncodeRune(r)
		g.b = fmt.Appendf(g.b, format, high)
		r = low
	}
	g.b = fmt.Appendf(g.b, format, r)
}

func (g *generator) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + g.IntN(10))
	}
	return string(b)
}

func (g *generator) number() string {
	n := g.one("", "", "-") + g.one("0", "1", "9", "10", "123", "1"+g.digits(g.IntN(25)), "7"+g.digits(g.IntN(400)))
	if g.IntN(2) == 0 {
		n += "." + g.one("0", "5", "000", g.digits(1+g.IntN(20)))
	}
	if g.IntN(3) == 0 {
		n += g.one("e", "E") + g.one("", "+", "-") + g.one("0", "5", "16", "22", "05", "300", "308", "324", "400", g.digits(6))
	}
	return n
}

// damage makes one or a few changes that a broken disk, a cut transfer or a
// hasty hand makes.
func (g *generator) damage(text []byte) []byte {
	text = append([]byte{}, text...)
	for range 1 + g.IntN(3) {
		i := g.IntN(len(text) + 1)
		rest := append([]byte{}, text[i:]...)
		switch g.IntN(5) {
		case 0:
			return text[:i]
		case 1:
			text = append(text[:i], rest[min(len(rest), 1+g.IntN(3)):]...)
		case 2:
			text = append(append(text[:i], byte(g.IntN(256))), rest...)
		case 3:
			text = append(append(text[:i], g.one(",", "}", "]", ":", `"`, `\`, "'", "{", "[", "NaN", "-Infinity", "0", "+1", ".5", "True", "//x", `\ud8`, "\xed\xa0\x80", "\x00", "\u00a0", "\f")...), rest...)
		default:
			if i < len(text) {
				text[i] ^= 1 << g.IntN(8)
			}
		}
	}
	return text
}
