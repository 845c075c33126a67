//go:build !windows

package tree

import (
	"errors"
	"os"
	"syscall"
)

// open opens a file for reading. os.Open would offer it to the poller, which
// refuses regular files, but only after eight system calls.
func open(path string) (*os.File, error) {
	for {
		fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err == nil {
			return os.NewFile(uintptr(fd), path), nil
		}
		if !errors.Is(err, syscall.EINTR) {
			return nil, &os.PathError{Op: "open", Path: path, Err: err}
		}
	}
}
