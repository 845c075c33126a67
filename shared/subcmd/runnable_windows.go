package subcmd

import (
	"os"
	"syscall"
)

// suffixes of a program's file, in the order in which Windows prefers them.
var suffixes = []string{".exe", ".bat", ".cmd"}

// runnable is nil for a file; its suffix says that it is a program.
func runnable(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return syscall.EISDIR
	}
	return nil
}
