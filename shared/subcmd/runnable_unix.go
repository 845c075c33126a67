//go:build !windows

package subcmd

import (
	"os"
	"syscall"
)

// suffixes of a program's file.
var suffixes = []string{""}

// runnable is nil for a file that this user may execute.
func runnable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return syscall.EISDIR
	}
	const executable = 1 // X_OK
	return syscall.Access(path, executable)
}
