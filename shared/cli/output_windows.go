package cli

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

func write(file *os.File, data []byte) (int, error) { return file.Write(data) }

func isReaderGone(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}
