package check

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// isRunnable: programs and scripts by their suffix.
func isRunnable(name string, _ fs.FileMode) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".bat", ".cmd", ".ps1", ".py", ".exe":
		return true
	}
	return false
}
