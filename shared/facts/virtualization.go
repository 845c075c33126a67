package facts

import (
	"context"
	"strings"
)

// virtualization is what the machine runs in and what it hosts, and what the
// tools of these systems tell.
func virtualization(ctx context.Context, m *Machine) map[string]any {
	v := virtualSystems(m)
	out := map[string]any{"virtualization": v.out}
	for _, s := range [...]struct {
		key, system string
		ask         func(ctx context.Context, m *Machine, role string) map[string]any
	}{{"docker", "docker", docker}, {"vmware", "vmware", vmware}, {"virtualbox", "vbox", virtualbox}} {
		role, has := v.systems[s.system].(string)
		if !has || m.top != "" && m.top != s.key {
			continue
		}
		if told := s.ask(ctx, m, role); told != nil {
			out[s.key] = told
		}
	}
	return out
}

// virtualSystems goes through the clues in Ohai's order; each overrides the
// ones before.
func virtualSystems(m *Machine) *virtual {
	v := &virtual{m: m, systems: map[string]any{}, out: map[string]any{}}
	v.out["systems"] = v.systems
	v.hosts()
	v.processor()
	if guest := guestFromDMI(m); guest != "" {
		v.is(guest, "guest")
	}
	v.kernels()
	if v.containers() {
		v.marks()
	}
	return v
}

type virtual struct {
	m            *Machine
	systems, out map[string]any
}

func (v *virtual) is(system, role string) {
	v.out["system"], v.out["role"], v.systems[system] = system, role, role
}

func (v *virtual) hosts() {
	if v.m.program("docker") != "" {
		v.is("docker", "host")
	}
	if v.m.exists("/proc/xen") {
		v.is("xen", "guest")
		if text, _ := v.m.read("/proc/xen/capabilities", small); strings.Contains(strings.ToLower(text), "control_d") {
			v.is("xen", "host")
		}
	}
	switch modules, _ := v.m.read("/proc/modules", small); {
	case strings.HasPrefix(modules, "vboxdrv") || strings.Contains(modules, "\nvboxdrv"):
		v.is("vbox", "host")
	case strings.HasPrefix(modules, "vboxguest") || strings.Contains(modules, "\nvboxguest"):
		v.is("vbox", "guest")
	}
	if v.m.program("nova") != "" {
		v.is("openstack", "host")
	}
}

func (v *virtual) processor() {
	text, _ := v.m.read("/proc/cpuinfo", large)
	for _, name := range [...]string{"QEMU Virtual CPU", "Common KVM processor", "Common 32-bit KVM processor"} {
		if strings.Contains(text, name) {
			v.is("kvm", "guest")
		}
	}
	if v.m.exists("/sys/devices/virtual/misc/kvm") {
		if strings.Contains(text, "hypervisor") {
			v.is("kvm", "guest")
		} else {
			v.is("kvm", "host")
		}
	}
}

// guestFromDMI names the hypervisor that put its name into the firmware.
func guestFromDMI(m *Machine) string {
	maker, product := dmiSystem(m)
	has := strings.Contains
	switch {
	case has(maker, "OpenStack"):
		return "openstack"
	case has(maker, "Xen"):
		return "xen"
	case has(maker, "VMware"):
		return "vmware"
	case has(maker, "Microsoft"):
		if has(product, "Virtual Machine") {
			return "hyperv"
		}
	case has(maker, "Amazon EC2"):
		return "amazonec2"
	case has(maker, "QEMU"):
		return "kvm"
	case has(maker, "Veertu"):
		return "veertu"
	case has(maker, "Parallels"):
		return "parallels"
	}
	switch {
	case has(product, "VirtualBox"):
		return "vbox"
	case has(product, "OpenStack"):
		return "openstack"
	case has(product, "KVM"), has(product, "RHEV"):
		return "kvm"
	case has(product, "BHYVE"):
		return "bhyve"
	}
	return ""
}

func (v *virtual) kernels() {
	if v.m.exists("/proc/bc/0") {
		v.is("openvz", "host")
	} else if v.m.exists("/proc/vz") {
		v.is("openvz", "guest")
	}
	if pool, found := v.m.read("/var/lib/hyperv/.kvp_pool_3", small); found {
		_, rest, _ := strings.Cut(pool, "HostName")
		host, _, ok := strings.Cut(rest, "HostingSystemEditionId")
		if ok {
			v.is("hyperv", "guest")
			v.out["hypervisor_host"] = strings.ToLower(printable(host))
		}
	}
	for _, line := range v.m.lines("/proc/self/status") {
		label, value, _ := strings.Cut(line, ":")
		if value = strings.TrimSpace(value); (label == "s_context" || label == "VxID") && digits(value) {
			if value == "0" {
				v.is("linux-vserver", "host")
			} else {
				v.is("linux-vserver", "guest")
			}
		}
	}
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return -1
		}
		return r
	}, s)
}
