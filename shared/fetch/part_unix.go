//go:build !windows

package fetch

import (
	"os"

	"golang.org/x/sys/unix"
)

// modes tells that files have permissions.
const modes = true

// claim takes the file for this process until it is closed, and fails while
// another has it. Disks without locks give it to everyone.
func claim(file *os.File) bool {
	for {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err != unix.EINTR {
			return err != unix.EWOULDBLOCK
		}
	}
}
