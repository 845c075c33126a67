//go:build !windows

package check

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"
)

const maxAccounts = 16 << 20 // bytes of /etc/passwd and /etc/group

// ownGroup tells whether a group has no members but root and the user: the
// group of a user's own, which many distributions let write by default. A
// group that the files do not know (it may come from a directory service) has
// unknown members.
func ownGroup(gid, user int) bool {
	names := map[string]bool{"root": true}
	alone := accounts("/etc/passwd", func(f []string) bool {
		uid, err := strconv.Atoi(f[2])
		if err == nil && uid == user {
			names[f[0]] = true
		}
		return err == nil && (uid == user || uid == 0 || f[3] != strconv.Itoa(gid))
	})
	known := false
	return alone && accounts("/etc/group", func(f []string) bool {
		if f[2] != strconv.Itoa(gid) {
			return true
		}
		known = true
		for member := range strings.SplitSeq(f[3], ",") {
			if member != "" && !names[member] {
				return false
			}
		}
		return true
	}) && known
}

// accounts tells whether a file in the form of passwd(5) can be read and all
// of its entries satisfy. An entry has at least four fields.
func accounts(path string, satisfies func(fields []string) bool) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	lines := bufio.NewScanner(io.LimitReader(file, maxAccounts))
	for lines.Scan() {
		fields := strings.Split(lines.Text(), ":")
		if len(fields) >= 4 && !satisfies(fields) {
			return false
		}
	}
	return lines.Err() == nil
}
