package facts

import (
	"context"
	"strings"
	"sync"
)

// vmware is what the host tells a VMware guest, where VMware's tools are.
func vmware(ctx context.Context, m *Machine, _ string) map[string]any {
	const tool = "/usr/bin/vmware-toolbox-cmd"
	if !m.exists(tool) {
		return nil
	}
	out := map[string]any{}
	var lock sync.Mutex
	var asked sync.WaitGroup
	for _, words := range [...]string{"stat hosttime", "stat speed", "stat sessionid", "stat balloon", "stat swap", "stat memlimit",
		"stat memres", "stat cpures", "stat cpulimit", "upgrade status", "timesync status"} {
		first, second, _ := strings.Cut(words, " ")
		name := first
		if first == "stat" {
			name = second
		}
		if !m.wants("." + name + ".") {
			continue
		}
		asked.Go(func() {
			printed, status := m.start(ctx, tool, first, second) // its status is part of the answer
			if status < 0 {
				return
			}
			lock.Lock()
			defer lock.Unlock()
			if out[name] = strings.TrimSpace(printed); strings.Contains(printed, "UpdateInfo failed") {
				out[name] = nil
			}
		})
	}
	asked.Wait()
	return out
}
