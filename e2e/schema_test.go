//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schema is docs/schema/envelope.json, stricter than it is published: what it
// does not describe is refused, so that nothing is said that it does not tell.
type schema struct {
	whole     *jsonschema.Schema
	described map[string]bool // "log.level": all members of all types
}

func compileSchema(t *testing.T) *schema {
	t.Helper()
	s := &schema{described: map[string]bool{}}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	files, err := filepath.Glob("../docs/schema/*.json")
	if err != nil || len(files) < 6 {
		t.Fatalf("schemas: %v, %v", files, err)
	}
	for _, file := range files {
		document, err := jsonschema.UnmarshalJSON(strings.NewReader(readText(t, file)))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		name := filepath.Base(file)
		s.close(strings.TrimSuffix(name, ".json"), document)
		if err := compiler.AddResource("schema:///"+name, withoutID(document)); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	if s.whole, err = compiler.Compile("schema:///envelope.json"); err != nil {
		t.Fatal(err)
	}
	return s
}

func withoutID(document any) any {
	delete(document.(map[string]any), "$id")
	return document
}

// close forbids members that are not described, and notes those that are.
func (s *schema) close(name string, node any) {
	switch node := node.(type) {
	case []any:
		for _, n := range node {
			s.close(name, n)
		}
	case map[string]any:
		members, is := node["properties"].(map[string]any)
		if is && node["type"] == "object" {
			node["additionalProperties"] = false
			for member := range members {
				s.described[name+"."+member] = true
			}
		}
		for _, key := range slices.Sorted(maps.Keys(node)) {
			if key != "allOf" {
				s.close(name, node[key])
			}
		}
	}
}

// check validates the text of an envelope.
func (s *schema) check(text []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return s.whole.Validate(value)
}

// seen notes the members that a message has.
func seen(type_ string, value any, into map[string]bool) {
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			seen(type_, v, into)
		}
	case map[string]any:
		for name, v := range value {
			into[type_+"."+name] = true
			seen(type_, v, into)
		}
	}
}

// rare are the members that the messages of this test cannot have.
var rare = map[string]bool{
	"health.omitted": true, // takes more than 50 checks
	"health.problem": true, // takes a damaged keepalive
}

// TestSchema: what the programs say is what docs/schema tells, no more, and
// nothing of it is never said.
func TestSchema(t *testing.T) {
	t.Parallel()
	s := compileSchema(t)
	kinds, members := map[string]int{}, map[string]bool{}
	for _, line := range bytes.Split(bytes.TrimSpace([]byte(everyMessage(t))), []byte("\n")) {
		if err := s.check(line); err != nil {
			t.Errorf("%s\n%v", line, err)
		}
		var envelope map[string]any
		if err := json.Unmarshal(line, &envelope); err != nil {
			t.Fatal(err)
		}
		kind := envelope["type"].(string)
		kinds[kind]++
		seen(kind, envelope["data"], members)
		for name := range envelope {
			members["envelope."+name] = true
		}
	}
	for _, kind := range []string{"log", "installation", "health", "shutdown", "raw"} {
		if kinds[kind] == 0 {
			t.Errorf("no message of type %s: %v", kind, kinds)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.described)) {
		if !members[name] && !rare[name] {
			t.Errorf("no message has %s", name)
		}
	}
	if err := s.check([]byte(`{"type": "log", "data": {}}`)); err == nil {
		t.Error("an empty envelope is taken")
	}
}
