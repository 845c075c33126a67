//go:build linux

package e2e

import (
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"jetpack.internal/e2e/booted"
)

// isPrivate walks the installed node.
func (l *life) isPrivate(t *testing.T) { walkNode(t, l.Node) }

// walkNode looks who owns what of an installed node, and who may do what.
func walkNode(t *testing.T, l *booted.Node) {
	t.Helper()
	groups := map[uint32]string{0: "root"}
	for line := range strings.Lines(l.Read("etc/group")) {
		if name, _, _ := strings.Cut(line, ":"); name == "cyclecloud" {
			var gid uint32
			for _, digit := range strings.Split(line, ":")[2] {
				gid = gid*10 + uint32(digit-'0')
			}
			groups[gid] = name
		}
	}
	seen := 0
	for _, top := range []string{"opt/cycle", "mnt/cluster-init"} {
		err := filepath.WalkDir(filepath.Join(l.Root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil // gone meanwhile, or not there yet
			}
			info, err := d.Info()
			if err != nil || info.Mode()&fs.ModeSymlink != 0 {
				return nil
			}
			seen++
			owner := info.Sys().(*syscall.Stat_t)
			name := strings.TrimPrefix(path, l.Root+"/")
			mode, group := info.Mode(), groups[owner.Gid]
			if owner.Uid != 0 || group == "" {
				t.Errorf("%s belongs to %d:%d", name, owner.Uid, owner.Gid)
			}
			if wrong := wrongMode(strings.TrimPrefix(name, liveHome+"/"), mode, group); wrong != "" {
				t.Errorf("%s is %s %s: %s", name, mode, group, wrong)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 20 {
		t.Errorf("only %d files were looked at", seen)
	}
}

// wrongMode tells what is wrong with the rights on a file of a node, by its
// name below the home.
func wrongMode(name string, mode fs.FileMode, group string) string {
	top, below, _ := strings.Cut(name, "/")
	closed := top == "config" || top == "logs" || top == "run"
	switch {
	case mode.Perm()&0o022 != 0:
		return "others than root could change it"
	case mode&fs.ModeSetuid != 0 || mode&fs.ModeSetgid != 0 && !mode.IsDir():
		return "it lends its rights"
	case closed && below == "" && (mode != fs.ModeDir|fs.ModeSetgid|0o750 || group != "cyclecloud"):
		return "it must be closed to all but the group"
	case top == "config" && below != "" && !strings.HasPrefix(below, "healthcheck.d") && (mode.Perm() != 0o640 || group != "cyclecloud"):
		return "it may hold secrets"
	case top == "bin" && (mode.Perm() != 0o755 || group != "root"):
		return "everybody must be able to run it"
	case top == "run" && strings.HasPrefix(below, "chef/") && mode.Perm()&0o077 != 0:
		return "it holds all of the configuration, with no folder around it that is closed"
	}
	return ""
}

// membersSpeak: a member of the group reads everything, and speaks while the
// server can be reached; only root writes. A stranger is told whose group
// would help.
func (l *life) membersSpeak(t *testing.T) {
	for _, c := range []struct {
		user, line string
		status     int
		says       string // "" for nothing
	}{
		{"member", "jetpack log 'from a member'", 0, ""},
		{"member", "jetpack send -k raw.member raw", 0, ""},
		{"member", "jetpack config cyclecloud.node.name", 0, "execute-7\n"},
		{"member", "jetpack converge --status >/dev/null && jetpack keepalive --status >/dev/null && healthcheckd status >/dev/null", 0, ""},
		{"member", "jetpack keepalive 1h", 2, "run/keepalive.json"},
		{"member", "jetpack converge", 2, "jetpack-converge: hint: converge writes below /opt/cycle/jetpack: run it as root"},
		{"stranger", "jetpack log x", 2, "jetpack-log: hint: become root, or a member of the group cyclecloud, to use /opt/cycle/jetpack/config"},
		{"stranger", "jetpack send -k x x", 2, "the group cyclecloud"},
		{"stranger", "jetpack config cyclecloud.node.name nobody", 2, "the group cyclecloud"},
		{"stranger", "jetpack config memory.total >/dev/null", 0, ""},
		{"stranger", "jetpack converge --status", 2, "the group cyclecloud"},
		{"stranger", "cd /opt/cycle/jetpack; find config logs run -type f -readable", 1, "Permission denied"},
		{"stranger", "find /opt/cycle /mnt/cluster-init /etc/profile.d /usr/lib/systemd/system -writable ! -type l 2>/dev/null", 1, ""},
		{"member", "find /opt/cycle /mnt/cluster-init -writable ! -type l 2>/dev/null", 1, ""},
	} {
		out, status := l.Run("su", "-", c.user, "-c", c.line)
		if status != c.status || !strings.Contains(out, c.says) || c.says == "" && out != "" {
			t.Errorf("%s: %s: status %d: %swant %d and %q", c.user, c.line, status, out, c.status, c.says)
		}
	}
	l.server.await(t, 0, "the member", logged("from a member"))
}
