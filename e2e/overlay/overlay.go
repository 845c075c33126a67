// Package overlay changes a line of Go's own library, for programs that a test
// builds: what cannot be done to this machine is done to them.
package overlay

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Replace is the file for go build -overlay that changes a file of the library,
// such as time/time.go. The changes are pairs of old text, which must be there
// once, and new.
func Replace(t testing.TB, file string, changes ...[2]string) string {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	check(t, err)
	source := filepath.Join(strings.TrimSpace(string(root)), "src", filepath.FromSlash(file))
	text, err := os.ReadFile(source)
	check(t, err)
	for _, change := range changes {
		before, after := []byte(change[0]), []byte(change[1])
		if n := bytes.Count(text, before); n != 1 {
			t.Fatalf("%s has %q %d times: does this Go do it otherwise?", source, before, n)
		}
		text = bytes.Replace(text, before, after, 1)
	}
	dir := t.TempDir()
	changed := filepath.Join(dir, filepath.Base(source))
	check(t, os.WriteFile(changed, text, 0o644))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{source: changed}})
	check(t, err)
	path := filepath.Join(dir, "overlay.json")
	check(t, os.WriteFile(path, overlay, 0o644))
	return path
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
