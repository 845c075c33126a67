package facts

import "strings"

// containers looks at the control groups and the environment of process 1,
// which container managers mark.
// It tells whether there is more to look at.
func (v *virtual) containers() bool {
	groups, found := v.m.read("/proc/self/cgroup", small)
	if !found {
		return true
	}
	kind := cgroupContainer(groups)
	environment, readable := v.m.read("/proc/1/environ", small)
	switch {
	case kind != "":
		v.is(kind, "guest")
	case !readable: // where Ohai's detection ends: to anyone but root
		return false
	case strings.Contains(environment, "container=lxc"):
		v.is("lxc", "guest")
	case strings.Contains(environment, "container=systemd-nspawn"):
		v.is("nspawn", "guest")
	case (v.m.program("lxc-version") != "" || v.m.program("lxc-start") != "") && rootGroupOnly(groups):
		if v.out["system"] == nil || v.out["role"] == nil {
			v.is("lxc", "host")
		}
		v.systems["lxc"] = "host"
	}
	return true
}

// cgroupContainer finds "/lxc/…", "/docker/…" at the top of a group's path,
// or a name that starts with one of them further down.
func cgroupContainer(groups string) string {
	for _, line := range lines(groups) {
		_, path, _ := strings.Cut(line, ":")
		_, path, ok := strings.Cut(path, ":/")
		if !ok {
			continue
		}
		for _, kind := range [...]string{"lxc", "docker"} {
			if rest, ok := strings.CutPrefix(path, kind+"/"); ok && rest != "" {
				return kind
			}
			if _, below, ok := strings.Cut(path, "/"); ok && strings.HasPrefix(below, kind) && len(below) > len(kind) {
				return kind
			}
		}
	}
	return ""
}

func rootGroupOnly(groups string) bool {
	for _, line := range lines(groups) {
		if strings.HasSuffix(line, ":/") {
			return true
		}
	}
	return false
}

// marks looks at the files that Docker and LXD leave.
func (v *virtual) marks() {
	if v.m.exists("/.dockerenv") || v.m.exists("/.dockerinit") {
		v.is("docker", "guest")
	}
	if v.m.exists("/dev/lxd/sock") {
		v.is("lxd", "guest")
		return
	}
	if v.m.exists("/var/lib/lxd/devlxd") || v.m.exists("/var/snap/lxd/common/lxd/devlxd") {
		v.is("lxd", "host")
	}
}
