package facts

import (
	"context"
	"strings"
)

// hostnamectl is what hostnamectl(1) prints on a machine that systemd has
// booted; an empty object on others.
func hostnamectl(_ context.Context, m *Machine) map[string]any {
	out := map[string]any{}
	if m.exists("/run/systemd/system") && m.program("hostnamectl") != "" {
		hostnamed(m, out)
	}
	return map[string]any{"hostnamectl": out}
}

func hostnamed(m *Machine, out map[string]any) {
	put := func(key, value string) {
		if value != "" {
			out[key] = value
		}
	}
	info, _ := m.read("/etc/machine-info", small)
	about := assignments(info)
	release, _ := m.read("/etc/os-release", small)
	system := assignments(release)
	static, _ := m.value("/etc/hostname")
	put("static_hostname", orUnset(static))
	if node := m.uname().Node; node != static {
		put("transient_hostname", node)
	}
	put("pretty_hostname", about["PRETTY_HOSTNAME"])
	virtual := detectVirt(m)
	chassis := chassisName(m, about["CHASSIS"], virtual)
	if icon := about["ICON_NAME"]; icon != "" {
		put("icon_name", icon)
	} else {
		put("icon_name", strings.TrimSuffix("computer-"+chassis, "-"))
	}
	put("chassis", chassis)
	if systemdVersion(m) >= 250 {
		put("chassis", chassis+chassisGlyph(chassis))
	}
	put("deployment", about["DEPLOYMENT"])
	put("location", about["LOCATION"])
	id, _ := m.value("/etc/machine-id")
	put("machine_id", id)
	boot, _ := m.value("/proc/sys/kernel/random/boot_id")
	put("boot_id", strings.ReplaceAll(boot, "-", ""))
	put("virtualization", virtual)
	put("operating_system", system["PRETTY_NAME"])
	put("cpe_os_name", system["CPE_NAME"])
	put("kernel", m.uname().Name+" "+m.uname().Release)
	put("architecture", architecture(m.uname().Machine))
	vendor, _ := m.value("/sys/class/dmi/id/sys_vendor")
	model, _ := m.value("/sys/class/dmi/id/product_name")
	put("hardware_vendor", vendor)
	put("hardware_model", model)
}

func orUnset(s string) string {
	if s == "" {
		return "(unset)"
	}
	return s
}

// detectVirt is systemd-detect-virt(1)'s name, "" for none.
func detectVirt(m *Machine) string {
	for _, word := range strings.Split(first(m.value("/run/systemd/container")), "\n") {
		if word == "systemd-nspawn" || word == "docker" || word == "podman" || word == "lxc" {
			return word
		}
	}
	vendor := first(m.value("/sys/class/dmi/id/sys_vendor")) + " " + first(m.value("/sys/class/dmi/id/product_name")) +
		" " + first(m.value("/sys/class/dmi/id/bios_vendor"))
	for _, v := range [...][2]string{{"KVM", "kvm"}, {"Amazon EC2", "amazon"}, {"QEMU", "qemu"}, {"VMware", "vmware"},
		{"innotek GmbH", "oracle"}, {"VirtualBox", "oracle"}, {"Xen", "xen"}, {"Parallels", "parallels"}, {"Hyper-V", "microsoft"},
		{"Microsoft Corporation Virtual Machine", "microsoft"}, {"Google Compute Engine", "google"}} {
		if strings.Contains(vendor, v[0]) {
			return v[1]
		}
	}
	return ""
}

func first(s string, _ bool) string { return s }

func chassisName(m *Machine, set, virtual string) string {
	switch virtual {
	case "":
	case "systemd-nspawn", "docker", "podman", "lxc":
		return "container"
	default:
		return "vm"
	}
	if set != "" {
		return set
	}
	switch kind, _ := m.value("/sys/class/dmi/id/chassis_type"); kind { // SMBIOS type 3
	case "3", "4", "6", "7", "13", "24":
		return "desktop"
	case "8", "9", "10", "14":
		return "laptop"
	case "11":
		return "handset"
	case "17", "23", "28", "29":
		return "server"
	case "30":
		return "tablet"
	case "31", "32":
		return "convertible"
	}
	return ""
}

func chassisGlyph(chassis string) string {
	switch chassis {
	case "laptop":
		return " 💻"
	case "desktop":
		return " 🖥️"
	case "server":
		return " 🖳"
	case "tablet":
		return ""
	case "vm":
		return " 🖴"
	case "container":
		return " ☐"
	}
	return ""
}

func architecture(machine string) string {
	switch machine {
	case "x86_64":
		return "x86-64"
	case "aarch64":
		return "arm64"
	}
	return machine
}
