package facts

import (
	"context"
	"strings"
)

// cpu is /proc/cpuinfo: one object for each logical processor, and counts.
func cpu(_ context.Context, m *Machine) map[string]any {
	out := map[string]any{}
	var current map[string]any
	sockets := map[string]bool{}
	total := 0
	for _, line := range m.lines("/proc/cpuinfo") {
		label, value, _ := strings.Cut(line, ":")
		if value = afterSpace(value); value == "" {
			continue
		}
		switch label = strings.TrimRight(label, " \t"); {
		case label == "processor":
			current = map[string]any{}
			out[value] = current
			total++
		case current == nil:
		case label == "flags" || label == "Features":
			current[strings.ToLower(label)] = list(strings.Fields(value))
		default:
			if label == "physical id" {
				sockets[value] = true
			}
			if key := cpuinfo(label); key != "" {
				current[key] = value
			}
		}
	}
	if total == 0 { // a machine without processors is one that may not be looked at
		return nil
	}
	countCPUs(m, out, total, len(sockets))
	return map[string]any{"cpu": out}
}

// afterSpace is the value behind the one white space that follows a colon.
func afterSpace(s string) string {
	if s == "" || (s[0] != ' ' && s[0] != '\t') {
		return ""
	}
	return s[1:]
}

func cpuinfo(label string) string {
	switch label {
	case "vendor_id", "model", "stepping":
		return label
	case "cpu family":
		return "family"
	case "physical id":
		return "physical_id"
	case "core id":
		return "core_id"
	case "cpu cores":
		return "cores"
	case "model name":
		return "model_name"
	case "cpu MHz":
		return "mhz"
	case "cache size":
		return "cache_size"
	case "BogoMIPS":
		return "bogomips"
	}
	return ""
}

// countCPUs adds total, real (sockets) and cores. Architectures whose cpuinfo
// names no sockets (arm64) tell their shape in sysfs.
func countCPUs(m *Machine, out map[string]any, total, sockets int) {
	out["total"] = total
	first, _ := out["0"].(map[string]any)
	if cores, ok := first["cores"].(string); ok && sockets > 0 {
		out["real"] = sockets
		out["cores"] = sockets * number(cores)
		return
	}
	if s, c, t := topology(m); s > 0 {
		out["total"], out["real"], out["cores"] = s*c*t, s, s*c
	}
}

// topology counts sockets, cores per socket and threads per core of the
// online processors in /sys/devices/system/cpu/cpuN/topology.
func topology(m *Machine) (sockets, cores, threads int) {
	packages, seats, online := map[string]bool{}, map[string]bool{}, 0
	for _, name := range m.list("/sys/devices/system/cpu") {
		if n, ok := strings.CutPrefix(name, "cpu"); !ok || !digits(n) {
			continue
		}
		folder := "/sys/devices/system/cpu/" + name + "/topology/"
		core, ok := m.value(folder + "core_cpus")
		if !ok {
			core, ok = m.value(folder + "thread_siblings")
		}
		if !ok {
			continue
		}
		id, _ := m.value(folder + "package_cpus")
		if id == "" {
			id, _ = m.value(folder + "core_siblings")
		}
		online++
		packages[id], seats[core] = true, true
	}
	if online == 0 {
		return 0, 0, 0
	}
	sockets = len(packages)
	return sockets, max(1, len(seats)/sockets), max(1, online/len(seats))
}

func list(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}
