package facts

import (
	"slices"
	"strings"
)

// mount is a line of /proc/self/mountinfo (proc(5)), escapes resolved.
type mount struct {
	device  string // st_dev as "major:minor"
	root    string // of the mount within its filesystem
	point   string
	source  string
	kind    string
	options []string // as mount(8) prints them
}

func mounts(m *Machine) (all []mount) {
	user := userOptions(m)
	for _, line := range m.lines("/proc/self/mountinfo") {
		before, after, ok := strings.Cut(line, " - ")
		f, g := strings.Split(before, " "), strings.Split(after, " ")
		if !ok || len(f) < 6 || len(g) < 3 {
			continue
		}
		e := mount{device: f[2], root: unescape(f[3]), point: unescape(f[4]), kind: unescape(g[0]), source: unescape(g[1])}
		if e.source == "" {
			e.source = "none"
		}
		e.options = mountOptions(f[5], unescape(g[2]))
		if extra := user[e.point]; extra != "" {
			e.options = append(e.options, strings.Split(extra, ",")...)
		}
		all = append(all, e)
	}
	return all
}

// mountOptions joins the options of mount and filesystem: read-only when
// either is, which comes first.
func mountOptions(vfs, fs string) []string {
	state := "rw"
	var rest []string
	for _, list := range [...]string{vfs, fs} {
		for _, option := range strings.Split(list, ",") {
			switch option {
			case "ro":
				state = "ro"
			case "rw", "":
			default:
				rest = append(rest, option)
			}
		}
	}
	return slices.Insert(rest, 0, state)
}

// userOptions is what libmount keeps in user space, such as _netdev.
func userOptions(m *Machine) map[string]string {
	out := map[string]string{}
	for _, line := range m.lines("/run/mount/utab") {
		var target, options string
		for _, word := range strings.Fields(line) {
			switch key, value, _ := strings.Cut(word, "="); key {
			case "TARGET":
				target = unescape(value)
			case "OPTS":
				options = unescape(value)
			}
		}
		out[target] = options
	}
	return out
}

// unescape resolves the octal escapes (\040) of the mount tables.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) && octal(s[i+1:i+4]) {
			b.WriteByte(s[i+1]<<6 | s[i+2]&7<<3 | s[i+3]&7)
			i += 3
		} else {
			b.WriteByte(s[i])
		}
	}
	return valid(b.String())
}

func octal(s string) bool { return strings.Trim(s, "01234567") == "" }

// dummy filesystems hold nothing that df(1) would show.
func (e mount) dummy() bool {
	switch e.kind {
	case "autofs", "proc", "subfs", "debugfs", "devpts", "fusectl", "fuse.portal", "mqueue",
		"rpc_pipefs", "sysfs", "devfs", "kernfs", "ignore", "none":
		return true
	}
	return false
}

func (e mount) remote() bool {
	switch e.kind {
	case "acfs", "afs", "coda", "auristorfs", "fhgfs", "gpfs", "ibrix", "ocfs2", "vxfs":
		return true
	case "smbfs", "smb3", "cifs":
		return strings.HasPrefix(e.source, "//")
	}
	return strings.Contains(e.source, ":") || e.source == "-hosts"
}

// local filesystems answer at once, whatever happens elsewhere.
func (e mount) local() bool {
	switch e.kind {
	case "ext2", "ext3", "ext4", "xfs", "btrfs", "vfat", "iso9660", "squashfs", "overlay", "tmpfs", "devtmpfs", "ramfs",
		"cgroup", "cgroup2", "efivarfs", "bpf", "tracefs", "securityfs", "selinuxfs", "pstore", "configfs", "hugetlbfs", "nsfs":
		return true
	}
	return false
}
