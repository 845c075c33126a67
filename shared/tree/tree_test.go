package tree

import (
	"reflect"
	"testing"
)

func TestFind(t *testing.T) {
	for _, c := range []struct{ text, key, want string }{
		{`{"a": {"b": {"c": 1}}}`, "a.b.c", "1"},
		{`{"a": {"b": {"c": 1}}}`, "a.b", "{'c': 1}"},
		{`{"a": {"b": {"c": 1}}}`, "a.b.d", ""},
		{`{"a": {"b": {"c": 1}}}`, "A.b.c", ""},
		{`{"a.b": {"c": 1}, "a": {"b.c": 2}}`, "a.b.c", "1"},
		{`{"a": {"b.c": 2}, "a.b": {"d": 1}}`, "a.b.c", "2"},
		{`{"a": {"b": 1}, "a.b": 2}`, "a.b", "2"},
		{`{"a": {"b": 1}, "a": {"c": 2}}`, "a.b", ""},
		{`{"a": {"b": 1}, "a": {"b": 2}}`, "a.b", "2"},
		{`{"a": [10, [20, 21], {"b": 30}]}`, "a.0", "10"},
		{`{"a": [10, [20, 21], {"b": 30}]}`, "a.1.1", "21"},
		{`{"a": [10, [20, 21], {"b": 30}]}`, "a.2.b", "30"},
		{`{"a": [10]}`, "a.1", ""},
		{`{"a": [10]}`, "a.-1", ""},
		{`{"a": [10]}`, "a.+0", ""},
		{`{"a": [10]}`, "a.00", ""},
		{`{"a": [10]}`, "a.", ""},
		{`{"a": {"0": "x"}}`, "a.0", "x"},
		{`{"": {"": "x"}}`, ".", "x"},
		{`{"": "x"}`, "", "x"},
		{`{"a\nb": {"\u00e9": "x"}}`, "a\nb.é", "x"},
		{`{"a": "b"}`, "a.b", ""},
		{`[1, 2]`, "1", "2"},
		{`5`, "", ""},
		{"\ufeff{\"a\": 1}", "a", "1"},
	} {
		d, err := Parse("test", []byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		got, found := d.Find(c.key)
		if found != (c.want != "") || found && Text(got) != c.want {
			t.Errorf("%s of %s: %v %v, want %q", c.key, c.text, got, found, c.want)
		}
		if again, ok := Find(d.Value(), c.key); ok != found || !reflect.DeepEqual(again, got) {
			t.Errorf("%s of %s, decoded: %v %v, want %v", c.key, c.text, again, ok, got)
		}
	}
}

func TestObstructed(t *testing.T) {
	for _, c := range []struct {
		text string
		want Outcome
	}{
		{`{"a": {"b": 1}}`, Found},
		{`{"a": {"c": 1}}`, Missing},
		{`{"a": 1}`, Obstructed},
		{`{"a": [1]}`, Obstructed},
		{`{"a": null}`, Obstructed},
		{`{"a": null, "a": {}}`, Missing},
		{`{}`, Missing},
	} {
		d, err := Parse("test", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if _, got := d.Lookup("a.b"); got != c.want {
			t.Errorf("%s: %v, want %v", c.text, got, c.want)
		}
		if _, got := Locate(d.Value(), "a.b"); got != c.want {
			t.Errorf("%s, decoded: %v, want %v", c.text, got, c.want)
		}
	}
}
