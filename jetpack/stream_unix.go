//go:build !windows

package main

import (
	"errors"
	"os"
	"syscall"
)

// standardStreams write past os.File, which would raise SIGPIPE: a reader
// that has gone away is no error.
func standardStreams() streams {
	return streams{out: &answer{Writer: descriptor(1)}, err: descriptor(2)}
}

type descriptor int

func (d descriptor) Write(data []byte) (int, error) {
	for written := 0; written < len(data); {
		n, err := syscall.Write(int(d), data[written:])
		if err != nil && err != syscall.EINTR {
			return written, os.NewSyscallError("write", err)
		}
		written += max(n, 0)
	}
	return len(data), nil
}

func isReaderGone(err error) bool { return errors.Is(err, syscall.EPIPE) }
