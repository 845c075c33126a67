package main

import (
	"errors"
	"os"
	"syscall"
)

func standardStreams() streams { return streams{out: &answer{Writer: os.Stdout}, err: os.Stderr} }

func isReaderGone(err error) bool {
	const noData = syscall.Errno(232) // ERROR_NO_DATA: the pipe is being closed
	return errors.Is(err, syscall.ERROR_BROKEN_PIPE) || errors.Is(err, noData)
}
