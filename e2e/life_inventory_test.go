//go:build linux

package e2e

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// inventory is a machine's files: mode, owner, and where links lead, by path.
type inventory map[string]string

// restless is where a machine that runs writes by itself, and where apt and
// dpkg keep their books; a name that ends in a slash stands for what is below.
var restless = []string{
	"dev/", "proc/", "run/", "sys/", "tmp/", "var/tmp/", "var/log/", "var/cache/", "var/backups/", "root/", "var/spool/cron/atjobs/",
	"var/spool/cron/atspool/", "var/lib/apt/", "var/lib/dpkg/", "var/lib/systemd/", "var/mail/", "var/lib/ucf/", "var/lib/dbus/",
	"etc/machine-id", "etc/systemd/system.conf.d/", "etc/ld.so.cache",
	// The test's own users and group.
	"etc/passwd", "etc/passwd-", "etc/group", "etc/group-", "etc/shadow", "etc/shadow-", "etc/gshadow", "etc/gshadow-", "etc/subuid", "etc/subuid-", "etc/subgid", "etc/subgid-", "home/",
}

func inventoryOf(t *testing.T, root string) inventory {
	t.Helper()
	all := inventory{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name := strings.TrimPrefix(strings.TrimPrefix(path, root), "/")
		if err != nil || name == "" || slices.ContainsFunc(restless, func(r string) bool { return name == r || strings.HasSuffix(r, "/") && strings.HasPrefix(name, r) }) {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return nil // gone meanwhile
		}
		owner := info.Sys().(*syscall.Stat_t)
		target, _ := os.Readlink(path)
		size := int64(0)
		if info.Mode().IsRegular() {
			size = info.Size()
		}
		all[name] = fmt.Sprintf("%s %d:%d %d %s", info.Mode(), owner.Uid, owner.Gid, size, target)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// difference is what changed from one to the other: +, - or ~ and a name. What is
// below a new folder is not told.
func difference(before, after inventory) []string {
	var changes []string
	for name, now := range after {
		was, known := before[name]
		if _, above := before[filepath.Dir(name)]; !known && (above || filepath.Dir(name) == ".") {
			changes = append(changes, "+ "+name)
		} else if known && was != now {
			changes = append(changes, fmt.Sprintf("~ %s: %s, was %s", name, now, was))
		}
	}
	for name := range before {
		if _, there := after[name]; !there {
			changes = append(changes, "- "+name)
		}
	}
	slices.Sort(changes)
	return changes
}
