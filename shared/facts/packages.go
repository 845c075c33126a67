package facts

import (
	"context"
	"strings"
)

// packages is the installed packages: dpkg's and pacman's databases read
// directly, rpm's through rpm, which alone knows its formats.
func packages(ctx context.Context, m *Machine) map[string]any {
	switch _, family, _ := identify(m); family {
	case "debian":
		return map[string]any{"packages": dpkg(m)}
	case "rhel", "fedora", "suse", "pld", "amazon":
		return map[string]any{"packages": rpm(ctx, m)}
	case "arch":
		return map[string]any{"packages": pacman(m)}
	}
	return map[string]any{"packages": map[string]any{}}
}

// dpkg reads /var/lib/dpkg/status (deb-control(5)), one paragraph a package;
// of a package of several architectures the last counts, as in Ohai.
func dpkg(m *Machine) map[string]any {
	out := map[string]any{}
	var name, version, arch string
	flush := func() {
		if name != "" {
			out[name] = map[string]any{"version": orNil(version), "arch": orNil(arch)}
		}
		name, version, arch = "", "", ""
	}
	for _, line := range m.lines("/var/lib/dpkg/status") {
		switch key, value, _ := strings.Cut(line, ": "); key {
		case "":
			flush()
		case "Package":
			name = value
		case "Version":
			version = value
		case "Architecture":
			arch = value
		}
	}
	flush()
	return out
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}
