//go:build !windows

package cli

import (
	"errors"
	"os"
	"syscall"
)

// write goes past os.File, which raises SIGPIPE for stdout and stderr.
func write(file *os.File, data []byte) (written int, err error) {
	for written < len(data) {
		n, err := syscall.Write(int(file.Fd()), data[written:])
		switch {
		case err == syscall.EINTR:
		case err == syscall.EAGAIN:
			// Someone made our stdout non-blocking: os.File knows how to wait.
			n, err := file.Write(data[written:])
			return written + n, err
		case err != nil:
			return written, os.NewSyscallError("write", err)
		}
		written += max(n, 0)
	}
	return written, nil
}

func isReaderGone(err error) bool { return errors.Is(err, syscall.EPIPE) }
