package check

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// looks are what shows that something was done to an empty folder: statx(2).
// Its change time tells of nearly everything, but may stand still for one tick
// of the kernel.
type looks struct {
	inode, attributes uint64
	mode              uint16
	user, group       uint32
	changed, modified unix.StatxTimestamp
}

// look gives the looks of a folder; none if it is not empty, or not there.
func look(path string) looks {
	file, err := os.Open(path)
	if err != nil {
		return looks{}
	}
	defer file.Close()
	if _, err := file.Readdirnames(1); err != io.EOF {
		return looks{}
	}
	var stat unix.Statx_t
	if err := unix.Statx(int(file.Fd()), "", unix.AT_EMPTY_PATH, unix.STATX_BASIC_STATS, &stat); err != nil {
		return looks{}
	}
	return looks{stat.Ino, stat.Attributes, stat.Mode, stat.Uid, stat.Gid, stat.Ctime, stat.Mtime}
}
