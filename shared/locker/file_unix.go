//go:build !windows

package locker

import (
	"fmt"
	"io/fs"
	"syscall"
)

// fileURLPath is the folder that the path of a file:// URL names.
func fileURLPath(path string) string { return path }

// generation tells a file from another of the same size and time: unpacked
// archives give every version of a file the same one.
func generation(info fs.FileInfo) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%x-%x", stat.Ino, changed(stat))
}

// isOpen tells whether everybody on the machine may read a file.
func isOpen(info fs.FileInfo) bool { return info.Mode().Perm()&0o007 != 0 }
