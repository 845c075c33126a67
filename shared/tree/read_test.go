package tree

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jetpack.internal/shared/exit"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tree.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRead(t *testing.T) {
	path := write(t, "{\n\"a\": {\n\"b\": [1, 2]}}")
	d, err := Read(path)
	if err != nil || Text(d.Value()) != "{'a': {'b': [1, 2]}}" {
		t.Errorf("%v, %v", d.Value(), err)
	}
	e, outcome, err := Lookup(path, "a.b")
	if err != nil || outcome != Found || Text(e) != "[1, 2]" || e.Line != 3 || !e.IsList() || e.IsObject() {
		t.Errorf("%s in line %d, %v, %v", Text(e), e.Line, outcome, err)
	}
}

func TestReadNothingThere(t *testing.T) {
	file := write(t, "{}")
	for _, path := range []string{filepath.Join(t.TempDir(), "missing"), filepath.Join(file, "below")} {
		if _, err := Read(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	large := write(t, "")
	if err := os.Truncate(large, maxSize+1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		large:       "is larger than 64 MiB",
		t.TempDir(): "is not a regular file",
		os.DevNull:  "is not a regular file",
	} {
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), want) || exit.Status(err) != exit.Usage {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}
