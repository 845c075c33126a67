package facts

import (
	"context"
	"strings"
)

// platform is platform, platform_family and platform_version: Ohai's names
// for the distribution, from os-release, or from the release files of
// distributions older than that.
func platform(_ context.Context, m *Machine) map[string]any {
	name, family, version := identify(m)
	out := map[string]any{"platform_family": orNil(family)}
	if name != "" || m.exists("/etc/os-release") {
		out["platform"], out["platform_version"] = orNil(name), orNil(version)
	}
	return out
}

func identify(m *Machine) (name, family, version string) {
	if release := osReleaseWords(m, "/etc/os-release"); release != nil {
		cisco := release["CISCO_RELEASE_INFO"]
		for key, value := range ciscoRelease(m, cisco) {
			release[key] = value
		}
		name, version = remap(release["ID"], cisco != ""), osReleaseVersion(m, release)
	} else {
		name, version = legacy(m)
	}
	return name, platformFamily(name), version
}

func ciscoRelease(m *Machine, file string) map[string]string {
	if file == "" {
		return nil
	}
	return osReleaseWords(m, file)
}

// osReleaseVersion is VERSION_ID, or the kernel's release on distributions
// without versions; CentOS has its minor version in another file only.
func osReleaseVersion(m *Machine, release map[string]string) string {
	version := release["VERSION_ID"]
	switch {
	case release["ID"] == "centos":
		line, _ := m.value("/etc/redhat-release")
		return redhatVersion(line)
	case version != "":
		return version
	case release["ID"] == "debian": // testing and unstable
		version, _ = m.value("/etc/debian_version")
		return version
	}
	return m.uname().Release
}

// remap turns an ID of os-release into Ohai's name.
func remap(id string, cisco bool) string {
	switch id {
	case "centos":
		if cisco {
			return "nexus_centos"
		}
	case "alinux":
		return "alibabalinux"
	case "amzn":
		return "amazon"
	case "archarm":
		return "arch"
	case "cumulus-linux":
		return "cumulus"
	case "ol":
		return "oracle"
	case "opensuse-leap":
		return "opensuseleap"
	case "rhel":
		return "redhat"
	case "sles_sap", "sles":
		return "suse"
	case "xenenterprise":
		return "xenserver"
	}
	return id
}

// platformFamily goes by parts of the name, in Ohai's order: the first match
// wins, so that for instance anything with "debian" in it is of that family.
func platformFamily(name string) string {
	for _, f := range [...]struct {
		family string
		parts  []string
	}{
		{"debian", []string{"debian", "ubuntu", "linuxmint", "raspbian", "cumulus", "kali", "pop"}},
		{"rhel", []string{"oracle", "centos", "redhat", "almalinux", "scientific", "enterpriseenterprise", "xcp",
			"xenserver", "cloudlinux", "ibm_powerkvm", "parallels", "clearos", "bigip", "alibabalinux", "sangoma"}},
		{"amazon", []string{"amazon"}},
		{"suse", []string{"suse", "sles", "sled"}},
		{"fedora", []string{"fedora", "pidora", "arista_eos"}},
		{"wrlinux", []string{"nexus", "ios_xr"}},
		{"gentoo", []string{"gentoo"}},
		{"slackware", []string{"slackware"}},
		{"arch", []string{"arch", "manjaro", "antergos"}},
		{"exherbo", []string{"exherbo"}},
		{"alpine", []string{"alpine"}},
		{"clearlinux", []string{"clearlinux"}},
		{"mandriva", []string{"mangeia"}},
		{"rhel", []string{"rocky"}}, // unknown to Ohai 16.13, which predates it; later ones say rhel
	} {
		for _, part := range f.parts {
			if strings.Contains(name, part) {
				return f.family
			}
		}
	}
	return ""
}
