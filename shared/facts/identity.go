package facts

import (
	"context"
	"strings"
)

// machineID is machine-id(5), or the older file of D-Bus.
func machineID(_ context.Context, m *Machine) map[string]any {
	for _, file := range [...]string{"/etc/machine-id", "/var/lib/dbus/machine-id"} {
		if text, found := m.read(file, small); found {
			return map[string]any{"machine_id": strings.TrimSuffix(text, "\n")}
		}
	}
	return nil
}

// initPackage is the name of process 1.
func initPackage(_ context.Context, m *Machine) map[string]any {
	name, found := m.value("/proc/1/comm")
	if !found {
		name = "init"
	}
	return map[string]any{"init_package": name}
}

// shells is shells(5).
func shells(_ context.Context, m *Machine) map[string]any {
	text, found := m.read("/etc/shells", small)
	if !found {
		return nil
	}
	out := []any{}
	for _, line := range lines(text) {
		if strings.HasPrefix(line, "/") {
			out = append(out, strings.TrimSuffix(line, "\r"))
		}
	}
	return map[string]any{"shells": out}
}

// fips tells whether the kernel runs in FIPS mode.
func fips(_ context.Context, m *Machine) map[string]any {
	enabled, _ := m.value("/proc/sys/crypto/fips_enabled")
	return map[string]any{"fips": map[string]any{"kernel": map[string]any{"enabled": enabled == "1"}}}
}

// command is the command line that lists processes.
func command(context.Context, *Machine) map[string]any {
	return map[string]any{"command": map[string]any{"ps": "ps -ef"}}
}

// chefPackages names the Ohai that these facts equal.
func chefPackages(context.Context, *Machine) map[string]any {
	return map[string]any{"chef_packages": map[string]any{"ohai": map[string]any{"version": "16.13.0"}}}
}
