package fetch

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// modes tells that files have permissions.
const modes = false

// claim takes the file for this process until it is closed, and fails while
// another has it. The lock lies on a byte far behind every content: it would
// keep others from reading what it covers.
func claim(file *os.File) bool {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	behind := windows.Overlapped{OffsetHigh: 1 << 30}
	err := windows.LockFileEx(windows.Handle(file.Fd()), flags, 0, 1, 0, &behind)
	return !errors.Is(err, windows.ERROR_LOCK_VIOLATION)
}
