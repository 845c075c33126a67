package facts

import "strings"

// legacy names distributions that have no os-release, by their release files
// in Ohai's order.
func legacy(m *Machine) (name, version string) {
	for _, file := range [...]string{"/etc/oracle-release", "/etc/enterprise-release"} {
		if line, found := m.value(file); found {
			return "oracle", redhatVersion(line)
		}
	}
	if line, found := m.value("/etc/f5-release"); found {
		_, rest, _ := strings.Cut(line, "BIG-IP release ")
		version, _, _ = strings.Cut(rest, " ")
		return "bigip", version
	}
	if line, found := m.value("/etc/debian_version"); found {
		if lsb := lsbRelease(m); strings.Contains(strings.ToLower(lsb["id"]), "ubuntu") {
			return "ubuntu", lsb["release"]
		}
		return "debian", line
	}
	if line, found := m.value("/etc/parallels-release"); found {
		return redhatName(line), redhatVersion(line)
	}
	if line, found := m.value("/etc/Eos-release"); found {
		return "arista_eos", lastWord(line)
	}
	for _, file := range [...]string{"/etc/redhat-release", "/etc/system-release"} {
		if line, found := m.value(file); found {
			return redhatName(line), redhatVersion(line)
		}
	}
	if text, found := m.read("/etc/SuSE-release", small); found {
		return suse(text)
	}
	return oddities(m)
}

func oddities(m *Machine) (name, version string) {
	if line, found := m.value("/etc/slackware-version"); found {
		return "slackware", strings.Map(keepVersion, line)
	}
	if m.exists("/etc/exherbo-release") {
		return "exherbo", m.uname().Release
	}
	if text, found := m.read("/usr/lib/os-release", small); found {
		if !strings.Contains(text, "clear-linux-os") {
			return "", ""
		}
		return "clearlinux", assignments(text)["VERSION_ID"]
	}
	return lsbPlatform(lsbRelease(m))
}

func lsbPlatform(lsb map[string]string) (name, version string) {
	id := strings.ToLower(lsb["id"])
	for _, p := range [...][2]string{{"redhat", "redhat"}, {"amazon", "amazon"}, {"scientificsl", "scientific"},
		{"xenserver", "xenserver"}, {"xcp", "xcp"}} {
		if strings.Contains(id, p[0]) {
			return p[1], lsb["release"]
		}
	}
	return id, lsb["release"]
}

func redhatName(line string) string {
	if len(line) >= 7 && strings.EqualFold(line[:7], "red hat") {
		return "redhat"
	}
	end := strings.IndexFunc(line, func(r rune) bool { return !wordRune(r) })
	if end < 0 {
		end = len(line)
	}
	return strings.ToLower(line[:end])
}

// redhatVersion is the first number with dots that follows a blank.
func redhatVersion(line string) string {
	for rest := line; ; {
		_, after, found := strings.Cut(rest, " ")
		if !found {
			return ""
		}
		end := strings.IndexFunc(after, func(r rune) bool { return keepVersion(r) < 0 })
		if end < 0 {
			end = len(after)
		}
		if end > 0 {
			return after[:end]
		}
		rest = after
	}
}

func suse(text string) (name, version string) {
	set := map[string]string{}
	for _, line := range lines(text) {
		key, value, _ := strings.Cut(line, " = ")
		set[key] = strings.TrimSpace(value)
	}
	version = set["VERSION"]
	if level := set["PATCHLEVEL"]; level != "" && digits(version) {
		version += "." + level
	}
	switch {
	case !strings.HasPrefix(text, "openSUSE"):
		return "suse", version
	case number(version) < 42:
		return "opensuse", version
	}
	return "opensuseleap", version
}

func lastWord(s string) string { return s[strings.LastIndexAny(s, " \t")+1:] }

func keepVersion(r rune) rune {
	if '0' <= r && r <= '9' || r == '.' {
		return r
	}
	return -1
}

func wordRune(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
