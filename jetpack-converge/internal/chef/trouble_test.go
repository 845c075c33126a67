package chef

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The output in testdata is that of Cinc 15.8.
func TestExplain(t *testing.T) {
	for name, want := range map[string]Trouble{
		"command": {
			Cookbook: "bad", File: "recipes/exec.rb", Line: "1", Resource: "execute[mount the share]", Action: "run",
			Reason: "Expected process to exit with [0], but received '2': ls: cannot access '/no/such/share': No such file or directory",
		},
		"compile": {
			Cookbook: "bad", File: "recipes/nomethod.rb", Line: "2", Code: "contnt 'x'",
			Reason: "undefined method `contnt' for Chef::Resource::File",
		},
		"role":   {Reason: "Missing Role(s) in Run List: nosuch included by 'top level'"},
		"killed": {Cookbook: "bad", File: "recipes/hard.rb", Resource: `execute[trap "" TERM; (trap "" TERM; sleep 301) & sleep 302; true]`, Action: "run"},
		"config": {Reason: "Configuration error NoMethodError: undefined method `at' for nil:NilClass"},
	} {
		text, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		got := Explain(string(text))
		if described := got.Detail != ""; described != (name != "killed" && name != "config") {
			t.Errorf("%s: the detail is %q", name, got.Detail)
		}
		if strings.Contains(got.Detail, "System Info") || strings.Contains(got.Detail, "default_guard_interpreter") {
			t.Errorf("%s: there is noise in %s", name, got.Detail)
		}
		got.Detail = ""
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	if got := Explain(""); got != (Trouble{}) || got.Recipe() != "" {
		t.Errorf("of nothing: %+v", got)
	}
	if got := (Trouble{Cookbook: "nfs", File: "attributes/default.rb"}); got.Recipe() != "" {
		t.Errorf("attributes are recipe %q", got.Recipe())
	}
}

// FuzzExplain: nothing is told that the output does not say, and what is to be
// one line is one.
func FuzzExplain(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("===\n\n===")
	f.Add(" ===\nx:\n===\n* y\n---\n* z\n----")
	f.Fuzz(func(t *testing.T, output string) {
		trouble := Explain(output)
		for _, line := range []string{trouble.Cookbook, trouble.File, trouble.Line, trouble.Code, trouble.Resource, trouble.Action, trouble.Reason} {
			if strings.Contains(line, "\n") {
				t.Errorf("%q has two lines", line)
			}
		}
		said := strings.Split(output, "\n")
		for i := range said {
			said[i] = strings.TrimSpace(said[i])
		}
		for line := range strings.SplitSeq(trouble.Detail, "\n") {
			if line = strings.TrimSpace(line); line != "" && !slices.Contains(said, line) {
				t.Errorf("nobody said %q", line)
			}
		}
	})
}
