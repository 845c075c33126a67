package shared_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	testName = regexp.MustCompile(`\b((?:Test|Fuzz)[A-Z]\w*)(?:/([a-z]\w*))?`)
	// placed is a folder and the tests that are named after it.
	placed = regexp.MustCompile("`([a-z][a-z0-9/-]*)`((?:,?\\s+(?:Test|Fuzz)[A-Z][\\w/]*)+)")
)

// TestDocumentsNameRealTests: where a document names a test as the proof of
// what it says, there is one, in the folder that it names. Of a subtest, its
// own name is looked for in the folder of the test.
func TestDocumentsNameRealTests(t *testing.T) {
	folders := map[string][]string{} // of each test
	words := map[string][]string{}   // string literals in the tests of each folder
	for _, s := range sources(t) {
		if !s.isTest() {
			continue
		}
		ast.Inspect(s.file, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.FuncDecl:
				folders[n.Name.Name] = append(folders[n.Name.Name], s.folder())
			case *ast.BasicLit:
				words[s.folder()] = append(words[s.folder()], strings.Trim(n.Value, `"`))
			}
			return true
		})
	}
	named, inFolder := 0, 0
	for _, path := range documents(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range placed.FindAllStringSubmatch(string(text), -1) {
			for _, match := range testName.FindAllStringSubmatch(place[2], -1) {
				inFolder++
				if !slices.Contains(folders[match[1]], place[1]) {
					t.Errorf("%s: there is no %s in %s", path, match[1], place[1])
				}
			}
		}
		for _, match := range testName.FindAllStringSubmatch(string(text), -1) {
			named++
			in := folders[match[1]]
			if len(in) == 0 {
				t.Errorf("%s: there is no %s", path, match[1])
			}
			if match[2] != "" && !slices.ContainsFunc(in, func(folder string) bool { return slices.Contains(words[folder], match[2]) }) {
				t.Errorf("%s: %s has no subtest %q", path, match[1], match[2])
			}
		}
	}
	if named == 0 || inFolder == 0 {
		t.Error("no document names a test, or none says where it is")
	}
}

func documents(t *testing.T) (paths []string) {
	t.Helper()
	for _, pattern := range []string{"../*.md", "../*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	return paths
}
