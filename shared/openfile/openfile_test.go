package openfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Who reads keeps nobody from removing or renaming the file, and goes on with
// what was opened.
func TestOpenSharesRemoval(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := os.Rename(path, path+".old"); err != nil {
		t.Errorf("cannot rename: %v", err)
	}
	if err := os.Remove(path + ".old"); err != nil {
		t.Errorf("cannot remove: %v", err)
	}
	if text, err := io.ReadAll(file); err != nil || string(text) != "old" {
		t.Errorf("then read %q, %v", text, err)
	}
}

func TestRead(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("here", []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := Read("here"); err != nil || string(text) != "text" {
		t.Errorf("read %q, %v", text, err)
	}
	if _, err := Read("there"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of a missing file: %v", err)
	}
}
