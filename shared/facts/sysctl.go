package facts

import (
	"context"
	"os"
	"strings"
)

// sysctl is the readable files under /proc/sys as `sysctl -a` prints them: of
// several lines Ohai keeps the last, and of a line what stands between the
// first and the second equals sign.
func sysctl(_ context.Context, m *Machine) map[string]any {
	out := map[string]any{}
	sysctlFolder(m, "/proc/sys/", "", out)
	return map[string]any{"sysctl": out}
}

func sysctlFolder(m *Machine, folder, prefix string, out map[string]any) {
	entries, _ := os.ReadDir(m.path(folder))
	for _, e := range entries {
		name := prefix + strings.ReplaceAll(e.Name(), ".", "/")
		if e.IsDir() {
			sysctlFolder(m, folder+e.Name()+"/", name+".", out)
			continue
		}
		if info, err := e.Info(); err != nil || info.Mode().Perm()&0o444 == 0 || deprecated(e.Name()) {
			continue
		}
		if content, found := m.read(folder+e.Name(), small); found {
			sysctlValue(valid(name), content, out)
		}
	}
}

func sysctlValue(name, content string, out map[string]any) {
	for _, line := range lines(content) {
		parts := strings.Split(name+" = "+line, "=")
		out[strings.TrimSpace(parts[0])] = strings.TrimSpace(parts[1])
	}
}

// deprecated files have a successor in milliseconds.
func deprecated(name string) bool { return name == "base_reachable_time" || name == "retrans_time" }
