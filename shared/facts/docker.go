package facts

import (
	"context"
	"encoding/json"
	"strings"
)

// docker is what Docker's daemon says of itself, where Docker is installed.
func docker(ctx context.Context, m *Machine, _ string) map[string]any {
	out := map[string]any{}
	printed, ok := m.output(ctx, "docker", "info", "--format", "{{json .}}")
	if at := strings.Index(printed, "{"); ok && at >= 0 { // warnings may come before
		dockerInfo(printed[at:], out)
	}
	return out
}

// dockerInfo reads the daemon's answer (its API's /info), of which Ohai takes
// these members, null where they are missing.
func dockerInfo(text string, out map[string]any) {
	info := map[string]any{}
	if json.NewDecoder(strings.NewReader(text)).Decode(&info) != nil {
		return
	}
	whole(info)
	pick := func(into map[string]any, members ...string) {
		for i := 0; i < len(members); i += 2 {
			into[members[i]] = info[members[i+1]]
		}
	}
	pick(out, "version_string", "ServerVersion", "runtimes", "Runtimes", "root_dir", "DockerRootDir", "plugins", "Plugins", "swarm", "Swarm")
	if v, ok := out["version_string"].(string); ok {
		out["version"], _, _ = strings.Cut(v, "-")
	}
	containers, networking := map[string]any{}, map[string]any{}
	pick(containers, "total", "Containers", "running", "ContainersRunning", "paused", "ContainersPaused", "stopped", "ContainersStopped")
	pick(networking, "ipv4_forwarding", "IPv4Forwarding", "bridge_nf_iptables", "BridgeNfIptables", "bridge_nf_ipv6_iptables", "BridgeNfIp6tables")
	out["containers"], out["networking"] = containers, networking
}

// whole makes integers of the numbers that are.
func whole(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key := range v {
			v[key] = whole(v[key])
		}
	case []any:
		for i := range v {
			v[i] = whole(v[i])
		}
	case float64:
		if n := int64(v); float64(n) == v {
			return n
		}
	}
	return value
}
