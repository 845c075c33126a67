//go:build unix

package wine

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Overlay is a file for go build -overlay that makes os.RemoveAll work under
// Wine 8. That answers the newer way of deleting, which Go tries first, with
// "not implemented", where a Windows that lacks it says "invalid class"; Go
// takes only the latter for a reason to go the older way.
func Overlay(t testing.TB) string {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	check(t, err)
	source := filepath.Join(strings.TrimSpace(string(root)), "src", "internal", "syscall", "windows", "at_windows.go")
	text, err := os.ReadFile(source)
	check(t, err)
	const statusNotImplemented, marker = "NTStatus(0xC0000002)", "case STATUS_INVALID_INFO_CLASS,"
	mended := bytes.Replace(text, []byte(marker), []byte("case "+statusNotImplemented+", STATUS_INVALID_INFO_CLASS,"), 1)
	if bytes.Equal(text, mended) {
		t.Fatalf("%s has no %q: does this Go delete otherwise?", source, marker)
	}
	dir := t.TempDir()
	replacement := filepath.Join(dir, "at_windows.go")
	check(t, os.WriteFile(replacement, mended, 0o644))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{source: replacement}})
	check(t, err)
	path := filepath.Join(dir, "overlay.json")
	check(t, os.WriteFile(path, overlay, 0o644))
	return path
}
