package facts

import (
	"context"
	"strings"
)

// kernel is uname(2) and the loaded modules (/proc/modules, proc(5)).
func kernel(_ context.Context, m *Machine) map[string]any {
	u := m.uname()
	return map[string]any{"kernel": map[string]any{
		"name":      u.Name,
		"release":   u.Release,
		"version":   u.Version,
		"machine":   u.Machine,
		"processor": processor(m, u.Machine),
		"os":        operatingSystem(m),
		"modules":   modules(m),
	}}
}

// processor is what the distribution's `uname -p` prints: coreutils knows
// none on Linux, and the distributions below patch it to repeat the machine;
// but Ubuntu's of since 25.10, which is written in Rust.
func processor(m *Machine, machine string) string {
	switch name, family, version := identify(m); {
	case name == "ubuntu" && version >= "25.10":
	case family == "rhel", family == "fedora", family == "amazon", family == "suse",
		name == "ubuntu", name == "linuxmint", name == "pop":
		return machine
	}
	return "unknown"
}

// operatingSystem is what `uname -o` prints: BusyBox leaves GNU out.
func operatingSystem(m *Machine) string {
	if m.exists("/etc/alpine-release") {
		return "Linux"
	}
	return "GNU/Linux"
}

func modules(m *Machine) map[string]any {
	loaded := map[string]any{}
	for _, line := range m.lines("/proc/modules") {
		field := strings.Fields(line)
		if len(field) < 3 || !digits(field[1]) || !digits(field[2]) {
			continue
		}
		module := map[string]any{"size": field[1], "refcount": field[2]}
		if version, _ := m.value("/sys/module/" + field[0] + "/version"); version != "" {
			module["version"] = version
		}
		loaded[field[0]] = module
	}
	return loaded
}

// system is os and os_version.
func system(_ context.Context, m *Machine) map[string]any {
	return map[string]any{"os": "linux", "os_version": m.uname().Release}
}
