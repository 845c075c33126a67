//go:build !windows

package mirror

import "golang.org/x/sys/unix"

// Free is the number of bytes that can still be written in folder.
func Free(folder string) (int64, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(folder, &stat); err != nil {
		return 0, err
	}
	return int64(stat.Bavail) * int64(stat.Bsize), nil
}
