package discreet

import (
	"strings"
	"testing"
)

type secrets struct {
	Password string
	Nested   struct{ Ports []int }
	Named    map[string]*struct{ On bool }
}

func TestErrorsSayWhereAndNothingElse(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "line 1, column 1: not JSON",
		`{"Password": "s3cret`:             "line 1, column 20: not JSON",
		"{\n  \"Password\": s3cret}":       "line 2, column 15: not JSON",
		"{\"Password\":\n{\"s3cret\": 1}}": `line 2, column 1: "Password" must be a string`,
		`{"Password": 3333333}`:            `line 1, column 20: "Password" must be a string`,
		`{"Nested": "s3cret"}`:             `line 1, column 19: "Nested" must be an object`,
		`{"Nested": {"Ports": "s3cret"}}`:  `line 1, column 29: "Nested.Ports" must be a list`,
		`{"Nested": {"Ports": [3e33]}}`:    `line 1, column 26: "Nested.Ports" must be a number`,
		`{"Named": {"a": "s3cret"}}`:       `line 1, column 24: "Named" must be an object`,
		`{"Named": {"a": {"On": 3333}}}`:   `line 1, column 27: "Named.On" must be true or false`,
		`["s3cret"]`:                       "line 1, column 1: it must be an object",
	} {
		err := Unmarshal([]byte(text), new(secrets))
		if err == nil || !strings.HasSuffix(err.Error(), want) || strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "33") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	var s secrets
	if err := Unmarshal([]byte(`{"Password": "x"}`), &s); err != nil || s.Password != "x" {
		t.Errorf("%+v, %v", s, err)
	}
}
