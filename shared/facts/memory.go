package facts

import (
	"context"
	"strings"
)

// memory is /proc/meminfo (proc(5)): sizes are strings with their unit.
func memory(_ context.Context, m *Machine) map[string]any {
	swap, huge, direct := map[string]any{}, map[string]any{}, map[string]any{}
	out := map[string]any{"swap": swap, "hugepages": huge, "directmap": direct}
	for _, line := range m.lines("/proc/meminfo") {
		label, rest, _ := strings.Cut(line, ":")
		amount, unit, sized := strings.Cut(strings.TrimLeft(rest, " \t"), " ")
		if !digits(amount) {
			continue
		}
		if key := hugepages(label); key != "" {
			huge[key] = amount
			continue
		}
		if !sized || unit == "" {
			continue
		}
		if size, ok := strings.CutPrefix(label, "DirectMap"); ok {
			direct[size] = amount + unit
		} else if key, ok := strings.CutPrefix(label, "Swap"); ok {
			swap[strings.ToLower(key)] = amount + unit
		} else if key := meminfo(label); key != "" {
			out[key] = amount + unit
		}
	}
	return map[string]any{"memory": out}
}

func hugepages(label string) string {
	switch label {
	case "HugePages_Total":
		return "total"
	case "HugePages_Free":
		return "free"
	case "HugePages_Rsvd":
		return "reserved"
	case "HugePages_Surp":
		return "surplus"
	}
	return ""
}

// meminfo is Ohai's key for a label of /proc/meminfo.
func meminfo(label string) string {
	switch label {
	case "MemTotal":
		return "total"
	case "MemFree":
		return "free"
	case "MemAvailable":
		return "available"
	case "Buffers", "Cached", "Active", "Inactive", "Dirty", "Writeback", "Mapped", "Slab", "Bounce", "Hugetlb":
		return strings.ToLower(label)
	case "HighTotal", "HighFree", "LowTotal", "LowFree":
		return strings.ToLower(strings.Replace(strings.Replace(label, "Total", "_Total", 1), "Free", "_Free", 1))
	case "AnonPages":
		return "anon_pages"
	case "SReclaimable":
		return "slab_reclaimable"
	case "SUnreclaim":
		return "slab_unreclaim"
	case "PageTables":
		return "page_tables"
	case "NFS_Unstable":
		return "nfs_unstable"
	case "CommitLimit":
		return "commit_limit"
	case "Committed_AS":
		return "committed_as"
	case "VmallocTotal":
		return "vmalloc_total"
	case "VmallocUsed":
		return "vmalloc_used"
	case "VmallocChunk":
		return "vmalloc_chunk"
	case "Hugepagesize":
		return "hugepage_size"
	}
	return ""
}
