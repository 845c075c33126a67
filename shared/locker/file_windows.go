package locker

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// fileURLPath is the folder that the path of a file:// URL names: the path
// of file:///C:/folder has a slash before the drive.
func fileURLPath(path string) string { return filepath.FromSlash(strings.TrimPrefix(path, "/")) }

// generation tells a file from another of the same size and time; Windows keeps
// nothing cheap that would.
func generation(fs.FileInfo) string { return "" }

// isOpen does not know: Windows keeps that in lists of its own.
func isOpen(fs.FileInfo) bool { return false }
