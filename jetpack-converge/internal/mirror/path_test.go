package mirror

import (
	"path/filepath"
	"strings"
	"testing"
)

// FuzzCheckPath: whatever is accepted lies below the folder under the very
// name, and is not the record.
func FuzzCheckPath(f *testing.F) {
	for _, seed := range []string{"a", "scripts/1.sh", "../a", "/a", "a//b", "a/../b", `a\b`, "", ".", "a/", "a\x00", recordName, strings.Repeat("ä/", 600)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if CheckPath(name) != nil {
			return
		}
		root := filepath.Join(string(filepath.Separator), "root", "tree")
		local, err := filepath.Rel(root, filepath.Join(root, filepath.FromSlash(name)))
		if err != nil || filepath.ToSlash(local) != name || local == recordName || strings.ContainsAny(name, "\x00\n\r\x1b") {
			t.Errorf("%q lies at %q (%v)", name, local, err)
		}
	})
}

func TestAddRefusesTheSameName(t *testing.T) {
	tree := new(Tree)
	if err := tree.Add(File{Path: "a/b"}); err != nil {
		t.Fatal(err)
	}
	if err := tree.Add(File{Path: "a/b"}); err == nil {
		t.Error("the same name twice")
	}
	if err := tree.add(File{Path: "A/b"}, false); err != nil {
		t.Errorf("on a disk that knows capitals: %v", err)
	}
	if err := tree.add(File{Path: "a/B"}, true); err == nil || !strings.Contains(err.Error(), `"a/b"`) {
		t.Errorf("on a disk that does not: %v", err)
	}
}
