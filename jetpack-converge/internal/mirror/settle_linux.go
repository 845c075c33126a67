package mirror

import (
	"os"

	"golang.org/x/sys/unix"
)

// settle waits until what was written is on the disk, for a tree's whole
// disk at once: thousands of single files would each wait for the disk.
func settle(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer dir.Close()
	return unix.Syncfs(int(dir.Fd()))
}
