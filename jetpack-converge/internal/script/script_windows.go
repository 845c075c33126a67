package script

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// isScript: Windows knows programs by their suffix.
func isScript(path string, info fs.FileInfo) bool {
	return info.Mode().IsRegular() &&
		slices.Contains([]string{".bat", ".cmd", ".exe", ".ps1"}, strings.ToLower(filepath.Ext(path)))
}

// makeExecutable has nothing to do: there is no such permission.
func makeExecutable(string) error { return nil }
