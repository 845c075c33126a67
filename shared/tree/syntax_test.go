package tree

import (
	"strings"
	"testing"

	"jetpack.internal/shared/exit"
)

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, `line 1, column 1: expected a value, found the end of the file`},
		{"{\n  \"a\": 1,\n  \"b\": tru\n}", `line 3, column 8: expected a value, found "tru"`},
		{"{\n  \"a\": 1\n", `line 3, column 1: expected ',' or '}', found the end of the file`},
		{`{"é": }`, `line 1, column 7: expected a value, found "}"`},
		{`{"a": 1 "b"`, `line 1, column 9: expected ',' or '}', found "\""`},
		{`[1 2]`, `line 1, column 4: expected ',' or ']', found "2"`},
		{`[1,]`, `line 1, column 4: expected a value, found "]"`},
		{`{"a": 1,}`, `line 1, column 9: expected a key in double quotes, found "}"`},
		{`{'a': 1}`, `line 1, column 2: expected a key in double quotes, found "'"`},
		{`{"a"= 1}`, `line 1, column 5: expected ':' after the key, found "="`},
		{`{} {}`, `line 1, column 4: expected the end of the file, found "{"`},
		{`{"a": True}`, `line 1, column 7: expected a value, found "True"`},
		{`{"a": NaN}`, `line 1, column 7: expected a value, found "NaN"`},
		{`{"a": -Infinity}`, `line 1, column 8: expected a digit, found "Infinity"`},
		{`007`, `line 1, column 2: expected the end of the file, found "07"`},
		{`1.`, `line 1, column 3: expected a digit, found the end of the file`},
		{`"abc`, `line 1, column 5: expected the closing '"' of a string, found the end of the file`},
		{"\"a\nb\"", `line 1, column 3: expected an escape instead of a control character, found "\n"`},
		{`"\x41"`, `line 1, column 3: expected one of "\/bfnrtu after a backslash, found "x41"`},
		{`"\u12"`, `line 1, column 6: expected four hexadecimal digits after \u, found "\""`},
		{"\"\xe9\"", `line 1, column 2: expected UTF-8, found byte 0xe9, which is not UTF-8`},
		{"\x00\x00", `line 1, column 1: expected a value, found "\x00"`},
		{"<html>\x1b[31m", `line 1, column 1: expected a value, found "<"`},
		{strings.Repeat("[", 600), `line 1, column 501: expected at most 500 levels of nesting, found "["`},
	} {
		_, err := Parse("file.json", []byte(c.text))
		if err == nil || err.Error() != "file.json: "+c.want || exit.Status(err) != exit.Usage {
			t.Errorf("%.40q: %v, want %s", c.text, err, c.want)
		}
		if _, _, again := lookup("file.json", []byte(c.text), "a.b"); again == nil || again.Error() != err.Error() {
			t.Errorf("%.40q: a lookup says %v, want %v", c.text, again, err)
		}
	}
}

func TestUTF16IsNamed(t *testing.T) {
	_, err := Parse("x", []byte("\xff\xfe{\x00}\x00"))
	if hints := exit.Hints(err); len(hints) != 1 || !strings.Contains(hints[0], "UTF-16") {
		t.Errorf("error %v, hints %q", err, hints)
	}
}

func TestDeepestNesting(t *testing.T) {
	text := strings.Repeat(`{"a":[`, 250) + strings.Repeat("]}", 250)
	d, err := Parse("x", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(JSON(d.Root())); strings.Count(got, "a") != 250 {
		t.Errorf("printed %.100s", got)
	}
}
