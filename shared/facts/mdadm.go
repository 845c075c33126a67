package facts

import (
	"context"
	"strconv"
	"strings"
)

// mdadm is the software RAID arrays: /proc/mdstat and /sys/block/mdN/md
// (the kernel's admin-guide/md), in the numbers of `mdadm --detail`.
func mdadm(_ context.Context, m *Machine) map[string]any {
	out := map[string]any{}
	for _, line := range m.lines("/proc/mdstat") {
		f := strings.Fields(line)
		if len(f) > 2 && f[1] == ":" && strings.HasPrefix(f[0], "md") {
			out[f[0]] = raid(m, f[0], f[2:])
		}
	}
	if len(out) == 0 {
		return nil
	}
	return map[string]any{"mdadm": out}
}

// raid describes an array; words are "active raid1 sdb1[1] sda1[0](S)".
func raid(m *Machine, name string, words []string) map[string]any {
	active, spares := []any{}, []any{}
	var journal any
	for _, word := range words {
		device, rest, ok := strings.Cut(word, "[")
		switch {
		case !ok:
		case strings.HasSuffix(rest, "(J)"):
			journal = device
		case strings.HasSuffix(rest, "(S)"):
			spares = append(spares, device)
		default:
			active = append(active, device)
		}
	}
	out := map[string]any{"members": active, "spares": spares, "journal": journal}
	md := "/sys/block/" + name + "/md/"
	level, _ := m.value(md + "level")
	if n, ok := strings.CutPrefix(level, "raid"); ok && digits(n) {
		out["level"] = number(n)
	}
	if version, _ := m.value(md + "metadata_version"); version != "" {
		out["version"], _ = strconv.ParseFloat(version, 64)
	}
	if sectors, found := m.value("/sys/block/" + name + "/size"); found {
		out["size"] = arraySize(number(sectors))
	}
	if state, _ := m.value(md + "array_state"); state != "" {
		out["state"] = raidState(state)
	}
	out["device_counts"] = raidCounts(m, md, len(active), len(spares))
	return out
}

func raidState(state string) string {
	switch state {
	case "clear", "inactive", "suspended", "readonly", "broken":
		return state
	case "active", "write-pending", "active-idle":
		return "active"
	}
	return "clean"
}

func raidCounts(m *Machine, md string, active, spares int) map[string]any {
	counts := map[string]any{"total": active + spares, "spare": spares}
	if raid, found := m.value(md + "raid_disks"); found {
		counts["raid"] = number(raid)
	}
	failed := 0
	for _, name := range m.list(md) {
		if state, _ := m.value(md + name + "/state"); strings.HasPrefix(name, "dev-") && strings.Contains(state, "faulty") {
			failed++
		}
	}
	counts["failed"], counts["active"], counts["working"] = failed, active-failed, active+spares-failed
	return counts
}

// arraySize is the number before the unit that mdadm prints, which is MiB
// below two GiB, and TiB from two TiB on.
func arraySize(sectors int) float64 {
	shift := 30
	switch bytes := sectors * 512; {
	case bytes < 2<<30:
		shift = 20
	case bytes >= 2<<40:
		shift = 40
	}
	hundredths := (sectors*200>>(shift-9) + 1) / 2
	size, _ := strconv.ParseFloat(text(hundredths/100)+"."+text(hundredths%100/10)+text(hundredths%10), 64)
	return size
}
