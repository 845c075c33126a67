package facts

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// ipc is the System V shared memory segments (/proc/sysvipc/shm, proc(5)), as
// ipcs(1) shows them.
func ipc(_ context.Context, m *Machine) map[string]any {
	segments := map[string]any{}
	for _, line := range m.lines("/proc/sysvipc/shm") {
		f := strings.Fields(line)
		if len(f) < 8 || !digits(f[1]) {
			continue
		}
		const removed, locked = 0o1000, 0o2000
		mode, _ := strconv.ParseUint(f[2], 8, 32)
		status := ""
		if mode&removed != 0 {
			status = "dest"
		} else if mode&locked != 0 {
			status = "locked"
		}
		key, _ := strconv.ParseInt(f[0], 10, 64)
		segments[f[1]] = map[string]any{"key": fmt.Sprintf("0x%08x", uint32(key)), "owner": userName(m, f[7]),
			"perms": strconv.FormatUint(mode&0o777, 8), "bytes": number(f[3]), "nattch": number(f[6]), "status": status}
	}
	return map[string]any{"ipc": map[string]any{"shm": segments}}
}

func userName(m *Machine, uid string) string {
	for _, a := range accounts(m) {
		if text(a.uid) == uid {
			return a.name
		}
	}
	return uid
}
