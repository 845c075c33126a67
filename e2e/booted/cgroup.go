//go:build linux

package booted

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Container is a systemd-nspawn with some arguments in a cgroup of its own, and
// the removal of that once it has ended or was not started.
func Container(ctx context.Context, args ...string) (container *exec.Cmd, leave func(), err error) {
	groups, err := ownCgroups()
	if err != nil {
		return nil, nil, err
	}
	const join = `for group; do shift; [ "$group" = -- ] && break; echo $$ >"$group/cgroup.procs" || exit; done; exec "$@"`
	container = exec.CommandContext(ctx, "/bin/sh", slices.Concat([]string{"-c", join, "sh"}, groups,
		[]string{"--", "systemd-nspawn", "--register=no", "--keep-unit"}, args)...)
	return container, func() { removeCgroups(groups) }, nil
}

// ownCgroups makes a cgroup for a node in each hierarchy that a systemd uses:
// that of version 2 and, where there is one, version 1's name=systemd, in which
// systemd-nspawn mirrors the path of the other. Left to itself it puts all nodes
// into one cgroup, where the services of each tidy away what is another's.
func ownCgroups() (groups []string, err error) {
	mounts, err := cgroupMounts()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	paths := map[string]string{}
	for line := range strings.Lines(string(text)) {
		// NUMBER:CONTROLLERS:PATH, see cgroups(7).
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		paths[fields[1]] = fields[2]
	}
	first := version2
	if mounts[version2] == "" {
		first = version1
	}
	group, err := os.MkdirTemp(filepath.Join(mounts[first], paths[first]), "jetpack-test-")
	if err != nil {
		return nil, err
	}
	groups = []string{group}
	if first == version2 && mounts[version1] != "" {
		mirror := filepath.Join(mounts[version1], paths[version2], filepath.Base(group))
		groups = append(groups, mirror)
		err = os.MkdirAll(mirror, 0o755)
	}
	if err != nil {
		removeCgroups(groups)
	}
	return groups, err
}

// The hierarchies, as /proc/self/cgroup calls their controllers.
const (
	version1 = "name=systemd"
	version2 = ""
)

// cgroupMounts are where the hierarchies are mounted, see proc(5).
func cgroupMounts() (map[string]string, error) {
	file, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	mounts := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		place, kind, _ := strings.Cut(lines.Text(), " - ")
		path := strings.Fields(place)[4]
		switch {
		case strings.HasPrefix(kind, "cgroup2 "):
			mounts[version2] = path
		case strings.HasPrefix(kind, "cgroup ") && strings.Contains(kind, version1):
			mounts[version1] = path
		}
	}
	return mounts, lines.Err()
}

// removeCgroups removes the cgroups of a node that is off, the lowest first.
// The kernel may need a moment until the processes are gone from them.
func removeCgroups(groups []string) {
	for _, group := range groups {
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			var below []string
			_ = filepath.WalkDir(group, func(path string, entry fs.DirEntry, err error) error {
				if err == nil && entry.IsDir() {
					below = append(below, path)
				}
				return nil
			})
			for i := range below {
				_ = syscall.Rmdir(below[len(below)-1-i])
			}
			if _, err := os.Stat(group); errors.Is(err, fs.ErrNotExist) {
				break
			}
		}
	}
}
