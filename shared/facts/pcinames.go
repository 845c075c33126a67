package facts

import "strings"

// pciNames looks names up in the PCI ID database (pci.ids): vendors at the
// margin, devices behind one tab, subsystems behind two; classes likewise
// from a "C" on.
type pciNames struct{ vendors, devices, subsystems, classes map[string]string }

func newPCINames(m *Machine) *pciNames {
	n := &pciNames{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}}
	for _, file := range [...]string{"/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids"} {
		if text, found := m.read(file, large); found {
			n.load(text, wanted(m))
			break
		}
	}
	return n
}

// wanted is the vendors of this machine's devices: the database has thousands.
func wanted(m *Machine) map[string]bool {
	out := map[string]bool{}
	for _, slot := range m.list("/sys/bus/pci/devices") {
		for _, file := range [...]string{"vendor", "subsystem_vendor"} {
			id, _ := m.value("/sys/bus/pci/devices/" + slot + "/" + file)
			out[strings.TrimPrefix(id, "0x")] = true
		}
	}
	return out
}

func (n *pciNames) load(text string, wanted map[string]bool) {
	var vendor, device, class string
	for _, line := range lines(text) {
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "C "):
			id, name, _ := strings.Cut(line[2:], "  ")
			vendor, class = "", id
			n.classes[id] = name
		case line[0] != '\t':
			id, name, _ := strings.Cut(line, "  ")
			if vendor, class = "", ""; wanted[id] {
				vendor = id
				n.vendors[id] = name
			}
		case vendor == "" && class == "":
		case !strings.HasPrefix(line, "\t\t"):
			id, name, _ := strings.Cut(line[1:], "  ")
			if device = id; class != "" {
				n.classes[class+id] = name
			} else {
				n.devices[vendor+id] = name
			}
		case vendor != "":
			id, name, _ := strings.Cut(line[2:], "  ")
			n.subsystems[vendor+device+strings.ReplaceAll(id, " ", "")] = name
		}
	}
}

func (n *pciNames) class(id string) string {
	if name := n.classes[id]; name != "" {
		return name
	}
	return or(n.classes[id[:min(2, len(id))]], "Class")
}

func (n *pciNames) vendor(id string) string { return or(n.vendors[id], "Vendor") }

func (n *pciNames) device(vendor, id string) string { return or(n.devices[vendor+id], "Device") }

func (n *pciNames) subsystem(vendor, device, subVendor, subDevice string) string {
	name := n.subsystems[vendor+device+subVendor+subDevice]
	if name == "" && vendor == subVendor && device == subDevice {
		name = n.devices[vendor+device]
	}
	return or(name, "Device")
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
