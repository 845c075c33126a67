package facts

import (
	"context"
	"strings"
)

// lsb is what lsb_release tells, where that program is installed: from
// /etc/lsb-release (Ubuntu, Arch), the release file of the Red Hat family, or
// os-release (Debian since 12, SUSE), which are the program's own sources.
func lsb(_ context.Context, m *Machine) map[string]any {
	out := map[string]any{}
	for key, value := range lsbRelease(m) {
		if value != "" {
			out[key] = value
		}
	}
	return map[string]any{"lsb": out}
}

func lsbRelease(m *Machine) map[string]string {
	if !m.exists("/usr/bin/lsb_release") {
		return nil
	}
	if text, found := m.read("/etc/lsb-release", small); found && strings.Contains(text, "DISTRIB_ID=") {
		set := assignments(text)
		return map[string]string{"id": set["DISTRIB_ID"], "release": set["DISTRIB_RELEASE"],
			"codename": set["DISTRIB_CODENAME"], "description": set["DISTRIB_DESCRIPTION"]}
	}
	for _, file := range [...]string{"/etc/redhat-release", "/etc/system-release"} { // the latter is Amazon's
		if line, found := m.value(file); found {
			return lsbRedHat(line)
		}
	}
	text, found := m.read("/etc/os-release", small)
	if !found {
		text, _ = m.read("/usr/lib/os-release", small)
	}
	set := assignments(text)
	return map[string]string{"id": distributor(set), "release": orNA(set["VERSION_ID"]),
		"codename": orNA(set["VERSION_CODENAME"]), "description": orNA(set["PRETTY_NAME"])}
}

// distributor is ID capitalised, or NAME where that differs in case only; to
// SUSE's program there are two.
func distributor(set map[string]string) string {
	switch {
	case strings.HasPrefix(set["NAME"], "openSUSE"):
		return "openSUSE"
	case strings.Contains(set["ID_LIKE"], "suse"):
		return "SUSE"
	}
	if id := set["ID"]; id == "" || strings.EqualFold(id, set["NAME"]) {
		return orNA(set["NAME"])
	} else {
		return strings.ToUpper(id[:1]) + id[1:]
	}
}

func orNA(s string) string {
	if s == "" {
		return "n/a"
	}
	return s
}

// lsbRedHat takes a line like "AlmaLinux release 8.9 (Midnight Oncilla)" apart.
func lsbRedHat(line string) map[string]string {
	name, rest, _ := strings.Cut(line, " release ")
	release, codename, _ := strings.Cut(rest, " ")
	codename = strings.NewReplacer("(", "", ")", "", " ", "").Replace(codename)
	name = strings.TrimSuffix(strings.ReplaceAll(name, " ", ""), "Linux") // RedHatEnterpriseLinux, CentOSLinux
	if strings.HasPrefix(line, "AlmaLinux") || strings.HasPrefix(line, "Rocky") {
		name, _, _ = strings.Cut(line, " ")
	}
	return map[string]string{"id": name, "release": release, "codename": codename, "description": line}
}

// assignments reads NAME=value lines of a shell, quotes taken off, as in
// os-release(5); no expansion.
func assignments(text string) map[string]string {
	set := map[string]string{}
	for _, line := range lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || strings.HasPrefix(key, "#") {
			continue
		}
		if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		set[key] = strings.NewReplacer(`\"`, `"`, `\$`, `$`, "\\`", "`", `\\`, `\`).Replace(value)
	}
	return set
}
