package spec

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jetpack.internal/shared/tree"
)

func parseText(t testing.TB, text string) ([]Spec, error) {
	doc, err := tree.Parse("test", []byte(text))
	if err != nil {
		return nil, err
	}
	return Parse(doc.Value())
}

func names(specs []Spec) (list []string) {
	for _, s := range specs {
		list = append(list, s.String())
	}
	return list
}

func TestOrder(t *testing.T) {
	specs, err := parseText(t, `[
		{"project": "p", "version": "1.0", "spec": "late", "order": 10.5},
		{"project": "p", "version": "1.0", "spec": "first"},
		{"project": "p", "version": 2, "spec": "second"},
		{"project": "p", "version": "1.0", "spec": "early", "order": -1},
		{"project": "p", "version": "1.0", "spec": "first"}]`)
	want := []string{"p:early:1.0", "p:first:1.0", "p:second:2", "p:late:1.0"}
	if err != nil || !slices.Equal(names(specs), want) {
		t.Errorf("%q, %v; want %q", names(specs), err, want)
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:     "not a list",
		`[1]`:    "cluster_init_specs.0: not an object",
		`[{}]`:   `project "": missing or empty`,
		`[null]`: "not an object",
		`[{"project": "..", "version": "1", "spec": "s"}]`:                                                              `project ".."`,
		`[{"project": "p", "version": "1/2", "spec": "s"}]`:                                                             `version "1/2"`,
		`[{"project": "p", "version": "1", "spec": "a\u0000"}]`:                                                         `spec "a\x00"`,
		`[{"project": "p", "version": "1", "spec": "s", "order": "x"}]`:                                                 `order "x"`,
		`[{"project": "p", "version": "1", "spec": "s", "run_list": [1]}]`:                                              "run_list",
		`[{"project": "p", "version": "1", "spec": "s"}, {"project": "p", "version": "2", "spec": "s"}]`:                "only one can be laid out",
		`[{"project": "p", "version": "1", "spec": "s"}, {"project": "p", "version": "1", "spec": "s", "locker": "l"}]`: "only one can be laid out",
	} {
		if specs, err := parseText(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want %q", text, specs, err, want)
		}
	}
}

func TestNames(t *testing.T) {
	for name, good := range map[string]bool{
		"a": true, "a.b": true, "a b": true, "ä": true, strings.Repeat("a", 200): true,
		"": false, ".": false, ".a": false, "a.": false, "a ": false, "a/b": false, `a\b`: false, "c:": false, "a\x00": false, "\xff": false,
		strings.Repeat("a", 201): false,
	} {
		if err := CheckName(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestItems(t *testing.T) {
	want := []string{"recipe[a]", "role[b]"}
	for _, value := range []any{"recipe[a], ,role[b] ", []any{" recipe[a]", "", "role[b]"}} {
		if got, err := Items(value); err != nil || !slices.Equal(got, want) {
			t.Errorf("%v: %q, %v; want %q", value, got, err, want)
		}
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{`null`, `[]`} {
		if specs, err := parseText(t, text); err != nil || len(specs) != 0 {
			t.Errorf("%s: %v, %v", text, specs, err)
		}
	}
}

// FuzzParse: whatever is accepted stays below its folder, two levels deep,
// and no two specs share one.
func FuzzParse(f *testing.F) {
	f.Add(`[{"project": "p", "version": "1.0.0", "spec": "default"}]`)
	f.Add(`[{"project": "..", "version": "1.0.0", "spec": "a/../../b", "order": 1e400}]`)
	f.Fuzz(func(t *testing.T, text string) {
		specs, err := parseText(t, text)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, s := range specs {
			local, err := filepath.Rel("/root", filepath.Join("/root", s.Folder()))
			if err != nil || strings.Count(filepath.ToSlash(local), "/") != 1 || strings.HasPrefix(local, "..") || seen[local] {
				t.Errorf("%q lies in %q", s, local)
			}
			seen[local] = true
		}
	})
}
