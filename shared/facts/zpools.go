package facts

import (
	"context"
	"strings"
)

// zpools is the ZFS pools and their devices, which only zpool(8) can size. The
// kernel has a folder for each.
func zpools(ctx context.Context, m *Machine) map[string]any {
	if m.still {
		for _, name := range m.list("/proc/spl/kstat/zfs") {
			if m.exists("/proc/spl/kstat/zfs/" + name + "/state") {
				return map[string]any{"zpools": map[string]any{}}
			}
		}
		return nil
	}
	pools := map[string]any{}
	printed, _ := m.output(ctx, "zpool", "list", "-H", "-o", "name,size,alloc,free,cap,dedup,health,version")
	for _, line := range lines(printed) {
		if name, pool := zpool(line); pool != nil && m.wants("."+name+".") {
			status, _ := m.start(ctx, "zpool", "status", name, "-L")
			pool["devices"] = zpoolDevices(status)
			pools[name] = pool
		}
	}
	if len(pools) == 0 {
		return nil
	}
	return map[string]any{"zpools": pools}
}

// zpool reads one line of the list. Ohai knows sizes from a megabyte on.
func zpool(line string) (name string, pool map[string]any) {
	f := strings.Fields(line)
	if len(f) != 8 || strings.ContainsAny(f[0], ".: ") || !digits(strings.TrimSuffix(f[4], "%")) || !strings.HasSuffix(f[5], "x") ||
		f[7] != "-" && !digits(f[7]) {
		return "", nil
	}
	for _, size := range f[1:4] {
		if size == "-" || !strings.Contains("MGTPE", size[len(size)-1:]) {
			return "", nil
		}
	}
	pool = map[string]any{}
	for i, key := range [...]string{"pool_size", "pool_allocated", "pool_free", "capacity_used", "dedup_factor", "health", "zpool_version"} {
		if pool[key] = f[i+1]; f[i+1] == "-" {
			pool[key] = nil
		}
	}
	return f[0], pool
}

// zpoolDevices reads the table of `zpool status`: name, state and three
// numbers of errors. The pool and its groups are lines of the table too; a
// device is told by its name, as Ohai tells it.
func zpoolDevices(printed string) map[string]any {
	devices := map[string]any{}
	for _, line := range lines(printed) {
		f := strings.Fields(line)
		if len(f) != 5 || !digits(f[2]) || !digits(f[3]) || !digits(f[4]) || strings.TrimLeft(line, " \t") == line {
			continue
		}
		for _, prefix := range [...]string{"sd", "c", "ad", "da", "nvme", "xvd"} {
			if len(f[0]) > len(prefix) && strings.HasPrefix(f[0], prefix) && !strings.ContainsAny(f[0], ".:/") {
				devices[f[0]] = map[string]any{"state": f[1], "errors": map[string]any{"read": f[2], "write": f[3], "checksum": f[4]}}
			}
		}
	}
	return devices
}
