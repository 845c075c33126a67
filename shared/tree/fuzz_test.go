package tree

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"jetpack.internal/shared/exit"
)

func seeds(f *testing.F, add func(text string)) {
	for _, text := range []string{
		`{"a": {"b.c": [1, {"d": "x"}]}, "a.b": {"c": null}}`,
		`{"a": 1, "a": {"b": 2}, "": {"": {"": 0}}}`,
		`[-0, 0.0, -0.0, 1e400, 1E-7, 123456789012345678901234567890]`,
		`"\ud83d\ude00 \ud800 \udc00 \u0000 é \u2028"`,
		"\ufeff {\"a\": true} ",
		`{"a": tru`, `{"a" 1}`, `[1,]`, `"` + "\xff", "\"\n\"", `01`, `-`, `1.`, `1e`, `"\x"`, `"\u12g4"`, ``,
		strings.Repeat("[", 501) + strings.Repeat("]", 501),
	} {
		add(text)
	}
}

// FuzzParse: what is accepted is just what encoding/json accepts, if it is
// UTF-8 and not nested too deep; a refusal points into the text; what is
// printed as JSON reads back as what prints the same.
func FuzzParse(f *testing.F) {
	seeds(f, func(text string) { f.Add([]byte(text)) })
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Parse("text", text)
		plain := bytes.TrimPrefix(text, []byte("\ufeff"))
		if valid := json.Valid(plain) && utf8.Valid(plain); valid != (err == nil) && !tooDeep(err) {
			t.Fatalf("valid: %v, but %v", valid, err)
		}
		if err != nil {
			checkPlace(t, plain, err)
			return
		}
		printed := JSON(d.Value())
		if !bytes.Equal(printed, JSON(d.Root())) {
			t.Fatalf("an element prints %s, its value %s", JSON(d.Root()), printed)
		}
		again, err := Parse("printed", printed)
		if err != nil {
			if !bytes.Contains(printed, []byte("Infinity")) {
				t.Fatalf("%s: %v", printed, err)
			}
			return
		}
		if reprinted := JSON(again.Value()); !bytes.Equal(printed, reprinted) || Text(d.Value()) != Text(again.Value()) {
			t.Fatalf("%s reads back as %s", printed, reprinted)
		}
	})
}

func tooDeep(err error) bool { return err != nil && strings.Contains(err.Error(), "levels of nesting") }

func checkPlace(t *testing.T, text []byte, err error) {
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || exit.Status(err) != exit.Usage {
		t.Fatalf("error %v has status %d", err, exit.Status(err))
	}
	lines := bytes.Split(text, []byte("\n"))
	if syntax.Line < 1 || syntax.Line > len(lines) || syntax.Column < 1 || syntax.Column > 1+utf8.RuneCount(lines[syntax.Line-1]) {
		t.Fatalf("%v is not in the text", err)
	}
	if strings.ContainsAny(err.Error(), "\n\x1b") {
		t.Fatalf("%q is not one harmless line", err)
	}
}

// FuzzFind: what the scan finds in a text is what is found in its value.
func FuzzFind(f *testing.F) {
	seeds(f, func(text string) {
		for _, key := range []string{"a.b.c", "a.b", "a.b.c.1.d", "..", "", "5", "0.", "a.b.c.01"} {
			f.Add([]byte(text), key)
		}
	})
	f.Fuzz(func(t *testing.T, text []byte, key string) {
		e, outcome, err := lookup("text", text, key)
		d, parseErr := Parse("text", text)
		if (err == nil) != (parseErr == nil) {
			t.Fatalf("one says %v, the other %v", err, parseErr)
		}
		if err != nil {
			return
		}
		value, want := Locate(d.Value(), key)
		if outcome != want {
			t.Fatalf("%q: %v in the text, %v in its value", key, outcome, want)
		}
		if outcome == Found && !reflect.DeepEqual(e.Value(), value) {
			t.Fatalf("%q: %v in the text, %v in its value", key, e.Value(), value)
		}
	})
}

// FuzzMerge: what high has, the merge has, and nothing that neither has; and
// merging again changes nothing.
func FuzzMerge(f *testing.F) {
	f.Add([]byte(`{"a": {"b": 1, "c": 2}}`), []byte(`{"a": {"b": {"d": 3}}, "e": []}`))
	f.Add([]byte(`{"a": null}`), []byte(`{}`))
	f.Fuzz(func(t *testing.T, low, high []byte) {
		l, err := Parse("low", low)
		if err != nil {
			return
		}
		h, err := Parse("high", high)
		if err != nil {
			return
		}
		merged := Merge(l.Value(), h.Value())
		checkMerged(t, l.Value(), h.Value(), merged)
		if !reflect.DeepEqual(Merge(merged, h.Value()), merged) || !reflect.DeepEqual(Merge(l.Value(), merged), merged) {
			t.Fatalf("merging again changes %s", JSON(merged))
		}
	})
}

func checkMerged(t *testing.T, low, high, merged any) {
	h, ok := high.(map[string]any)
	l, isObject := low.(map[string]any)
	if !ok || !isObject {
		if !reflect.DeepEqual(merged, high) {
			t.Fatalf("merged %s, high %s", JSON(merged), JSON(high))
		}
		return
	}
	m := merged.(map[string]any)
	for key, value := range m {
		below, inLow := l[key]
		above, inHigh := h[key]
		switch {
		case inLow && inHigh:
			checkMerged(t, below, above, value)
		case inHigh:
			below = above
			fallthrough
		case inLow:
			if !reflect.DeepEqual(value, below) {
				t.Fatalf("%q: merged %s, from %s", key, JSON(value), JSON(below))
			}
		default:
			t.Fatalf("%q comes from nowhere", key)
		}
	}
	for _, part := range []map[string]any{l, h} {
		for key := range part {
			if _, ok := m[key]; !ok {
				t.Fatalf("%q is lost", key)
			}
		}
	}
}
