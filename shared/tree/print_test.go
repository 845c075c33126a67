package tree

import (
	"math"
	"testing"
)

// The numbers that system facts hold, which no JSON text can give.
func TestGoNumbers(t *testing.T) {
	for _, c := range []struct {
		value      any
		text, json string
	}{
		{42, "42", "42"},
		{int64(-7), "-7", "-7"},
		{uint64(math.MaxUint64), "18446744073709551615", "18446744073709551615"},
		{1.0, "1.0", "1.0"},
		{1e16, "1e+16", "1e+16"},
		{1e15, "1000000000000000.0", "1000000000000000.0"},
		{0.0001, "0.0001", "0.0001"},
		{0.00001, "1e-05", "1e-05"},
		{math.Copysign(0, -1), "-0.0", "-0.0"},
		{math.NaN(), "nan", "NaN"},
		{math.Inf(1), "inf", "Infinity"},
		{math.Inf(-1), "-inf", "-Infinity"},
		{math.SmallestNonzeroFloat64, "5e-324", "5e-324"},
	} {
		if got := Text(c.value); got != c.text {
			t.Errorf("Text(%v) = %s, want %s", c.value, got, c.text)
		}
		if got := string(JSON(c.value)); got != c.json {
			t.Errorf("JSON(%v) = %s, want %s", c.value, got, c.json)
		}
	}
}

func TestStringsFromOutside(t *testing.T) {
	for _, c := range []struct{ value, text, repr, json string }{
		{"lone \xed\xa0\x80 half", "lone \ufffd half", `['lone \ud800 half']`, `"lone \ud800 half"`},
		{"broken \xff byte", "broken \xff byte", "['broken \xff byte']", `"broken \ufffd byte"`},
		{"it's", "it's", `["it's"]`, `"it's"`},
		{`it's "so"`, `it's "so"`, `['it\'s "so"']`, `"it's \"so\""`},
	} {
		if got := Text(c.value); got != c.text {
			t.Errorf("Text(%q) = %q, want %q", c.value, got, c.text)
		}
		if got := Text([]any{c.value}); got != c.repr {
			t.Errorf("Text([%q]) = %q, want %q", c.value, got, c.repr)
		}
		if got := string(JSON(c.value)); got != c.json {
			t.Errorf("JSON(%q) = %s, want %s", c.value, got, c.json)
		}
	}
}
