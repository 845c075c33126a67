package facts

import (
	"context"
	"strings"
)

// hostname is hostname and machinename, which wait for nobody.
func hostname(_ context.Context, m *Machine) map[string]any {
	machine := m.uname().Node
	short, _, _ := strings.Cut(machine, ".")
	return map[string]any{"hostname": short, "machinename": machine}
}

// fullName is fqdn and domain, which may have to ask a name server. The
// domain is null where the full name has none; fqdn is absent when nothing
// resolves the name.
func fullName(ctx context.Context, m *Machine) map[string]any {
	full := fqdn(ctx, m, m.uname().Node)
	if full == "" {
		return map[string]any{"domain": nil}
	}
	out := map[string]any{"fqdn": full, "domain": nil}
	if i := strings.IndexByte(full[1:], '.'); i >= 0 {
		out["domain"] = full[1:][i+1:]
	}
	return out
}

// fqdn is the canonical name of the node's own name, looked up in the order
// of nsswitch.conf(5), as getaddrinfo(3) with AI_CANONNAME does.
func fqdn(ctx context.Context, m *Machine, name string) string {
	if name == "" {
		return ""
	}
	for _, service := range hostServices(m) {
		var found string
		switch service {
		case "files":
			found = hostsFile(m, name)
		case "dns":
			found = dnsName(ctx, m, name)
		case "resolve":
			if m.exists("/run/systemd/resolve") { // systemd-resolved answers for its own host
				found = name
			}
		case "myhostname":
			found = name
		}
		if found != "" {
			return found
		}
	}
	return ""
}

// hostServices is the hosts line of nsswitch.conf; actions in brackets are
// left out, the ones in use ("[!UNAVAIL=return]") do not change an answer.
func hostServices(m *Machine) []string {
	for _, line := range m.lines("/etc/nsswitch.conf") {
		line, _, _ = strings.Cut(line, "#")
		if list, ok := strings.CutPrefix(strings.TrimSpace(line), "hosts:"); ok {
			return strings.Fields(list)
		}
	}
	return []string{"dns", "files"} // glibc's own default
}

// hostsFile is the first, canonical name of the line of /etc/hosts (hosts(5))
// that has the name.
func hostsFile(m *Machine, name string) string {
	for _, line := range m.lines("/etc/hosts") {
		line, _, _ = strings.Cut(line, "#")
		field := strings.Fields(line)
		for i := 1; i < len(field); i++ {
			if strings.EqualFold(field[i], name) {
				return field[1]
			}
		}
	}
	return ""
}
