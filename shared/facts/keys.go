package facts

import (
	"context"
	"strings"
)

// keys is the SSH server's public host keys: those that sshd_config(5) names,
// and those at the default places.
func keys(_ context.Context, m *Machine) map[string]any {
	ssh := map[string]any{}
	for _, file := range [...]string{"/etc/ssh/sshd_config", "/etc/sshd_config"} {
		if !m.exists(file) {
			continue
		}
		for _, line := range m.lines(file) {
			if f := strings.Fields(line); len(f) > 1 && strings.EqualFold(f[0], "hostkey") && line[0] != ' ' && line[0] != '\t' {
				hostKey(m, f[1]+".pub", ssh)
			}
		}
		break
	}
	for _, kind := range [...]string{"dsa", "rsa", "ecdsa", "ed25519"} {
		if ssh["host_"+kind+"_public"] == nil {
			hostKey(m, "/etc/ssh/ssh_host_"+kind+"_key.pub", ssh)
		}
	}
	return map[string]any{"keys": map[string]any{"ssh": ssh}}
}

func hostKey(m *Machine, file string, ssh map[string]any) {
	text, _ := m.read(file, small)
	f := strings.Fields(text)
	if len(f) < 2 {
		return
	}
	switch kind := f[0]; {
	case kind == "ssh-dss":
		ssh["host_dsa_public"] = f[1]
	case kind == "ssh-rsa", kind == "ssh-ed25519":
		ssh["host_"+kind[4:]+"_public"] = f[1]
	case strings.HasPrefix(kind, "ecdsa"):
		ssh["host_ecdsa_public"], ssh["host_ecdsa_type"] = f[1], kind
	}
}
