package facts

import (
	"context"
	"strings"
)

// selinux is what `sestatus -v -b` tells, from selinuxfs and the
// configuration.
func selinux(_ context.Context, m *Machine) map[string]any {
	const fs = "/sys/fs/selinux/"
	status, booleans, processes := map[string]any{}, map[string]any{}, map[string]any{}
	out := map[string]any{"status": status, "policy_booleans": booleans, "process_contexts": processes, "file_contexts": map[string]any{}}
	enforce, on := m.value(fs + "enforce")
	if !on {
		status["selinux_status"] = "disabled"
		return map[string]any{"selinux": out}
	}
	text, _ := m.read("/etc/selinux/config", small)
	config := assignments(text)
	status["selinux_status"], status["selinuxfs_mount"] = "enabled", "/sys/fs/selinux"
	status["selinux_root_directory"], status["loaded_policy_name"] = "/etc/selinux", config["SELINUXTYPE"]
	status["current_mode"], status["mode_from_config_file"] = choice(enforce, "permissive", "enforcing"), config["SELINUX"]
	for file, words := range map[string][3]string{"mls": {"policy_mls_status", "disabled", "enabled"},
		"deny_unknown": {"policy_deny_unknown_status", "allowed", "denied"}, "checkreqprot": {"memory_protection_checking", "actual (secure)", "requested (insecure)"}} {
		value, _ := m.value(fs + file)
		status[words[0]] = choice(value, words[1], words[2])
	}
	status["max_kernel_policy_version"], _ = m.value(fs + "policyvers")
	for _, name := range m.list(fs + "booleans") {
		value, _ := m.value(fs + "booleans/" + name)
		booleans[name] = choice(value, "off", "on")
	}
	for label, file := range map[string]string{"current_context": "/proc/self/attr/current", "init_context": "/proc/1/attr/current"} {
		if value, _ := m.value(file); value != "" {
			processes[label] = strings.TrimRight(value, "\x00")
		}
	}
	return map[string]any{"selinux": out}
}

func choice(value, no, yes string) string {
	if strings.HasPrefix(value, "1") {
		return yes
	}
	return no
}
