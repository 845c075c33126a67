package facts

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// pci is the PCI devices in sysfs with the names of the PCI ID database, as
// `lspci -vnnmk` prints them.
func pci(_ context.Context, m *Machine) map[string]any {
	const folder = "/sys/bus/pci/devices/"
	out := map[string]any{}
	slots := m.list(folder)
	names := newPCINames(m)
	domains := false
	for _, slot := range slots {
		domains = domains || !strings.HasPrefix(slot, "0000:")
	}
	for _, slot := range slots {
		out[pciID(slot, domains)] = pciDevice(m, folder+slot, names)
	}
	return map[string]any{"pci": out}
}

// pciID is Ohai's key of a device: its pattern for "03:00.1" takes the middle
// of an address with a domain, "7870:00:02.0".
func pciID(slot string, domains bool) string {
	_, short, _ := strings.Cut(slot, ":")
	if domains && len(slot) > 8 {
		return slot[2:9]
	}
	return short
}

func pciDevice(m *Machine, folder string, names *pciNames) map[string]any {
	hex := func(file string) string {
		v, _ := m.value(folder + "/" + file)
		return strings.TrimPrefix(v, "0x")
	}
	class, vendor, device := hex("class"), hex("vendor"), hex("device")
	class = class[:min(4, len(class))]
	out := map[string]any{
		"class_id": class, "class_name": names.class(class),
		"vendor_id": vendor, "vendor_name": names.vendor(vendor),
		"device_id": device, "device_name": names.device(vendor, device),
	}
	if v, d := hex("subsystem_vendor"), hex("subsystem_device"); v != "0000" && v != "ffff" && v != "" {
		out["sdevice_id"], out["sdevice_name"] = d, names.subsystem(vendor, device, v, d)
	}
	if driver, err := os.Readlink(m.path(folder + "/driver")); err == nil {
		out["driver"] = []any{filepath.Base(driver)}
	}
	if modules := pciModules(m, hex("modalias")); len(modules) > 0 {
		out["module"] = list(modules)
	}
	return out
}

// pciModules are the kernel modules that claim a device, from the running
// kernel's list of aliases.
func pciModules(m *Machine, alias string) (modules []string) {
	if alias == "" {
		return nil
	}
	for _, line := range m.lines("/lib/modules/" + m.uname().Release + "/modules.alias") {
		f := strings.Fields(line)
		if len(f) == 3 && strings.HasPrefix(f[1], "pci:") {
			if ok, _ := filepath.Match(f[1], alias); ok {
				modules = append(modules, f[2])
			}
		}
	}
	return modules
}
