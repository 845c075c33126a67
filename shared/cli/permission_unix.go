//go:build !windows

package cli

import (
	"io/fs"
	"os"
	"os/user"
	"slices"
	"strconv"
	"syscall"
)

// Superuser is who may do anything on a machine, as advice calls it.
const Superuser = "root"

// groupOf is the name, or for want of one the number, of a file's group; "" if
// the user is in that group already, so that it does not help.
func groupOf(info fs.FileInfo) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	if groups, err := os.Getgroups(); err == nil && slices.Contains(groups, int(stat.Gid)) || os.Getegid() == int(stat.Gid) {
		return ""
	}
	id := strconv.FormatUint(uint64(stat.Gid), 10)
	if group, err := user.LookupGroupId(id); err == nil {
		return group.Name
	}
	return id
}
