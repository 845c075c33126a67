//go:build !windows

package check

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// isRunnable: Python and Bash by their suffix, and whatever may be executed.
func isRunnable(name string, mode fs.FileMode) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".py", ".sh":
		return true
	}
	return mode&0o111 != 0
}
