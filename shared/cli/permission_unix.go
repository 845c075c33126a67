//go:build !windows

package cli

import (
	"io/fs"
	"os/user"
	"strconv"
	"syscall"
)

// groupOf is the name, or for want of one the number, of a file's group.
func groupOf(info fs.FileInfo) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	id := strconv.FormatUint(uint64(stat.Gid), 10)
	if group, err := user.LookupGroupId(id); err == nil {
		return group.Name
	}
	return id
}
