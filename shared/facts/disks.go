package facts

import "strings"

// disk is a block device and what udev found on it.
type disk struct{ path, fsType, uuid, label string }

func (d disk) describe(f map[string]any) {
	for key, value := range map[string]string{"fs_type": d.fsType, "uuid": d.uuid, "label": d.label} {
		if value != "" {
			f[key] = value
		}
	}
}

// disks lists the block devices that lsblk(8) shows, partitions included, no
// RAM disks and no empty loop devices, with what /run/udev/data says of them.
func disks(m *Machine) (all []disk) {
	for _, name := range m.list("/sys/block") {
		folder := "/sys/block/" + name
		device, _ := m.value(folder + "/dev")
		size, _ := m.value(folder + "/size")
		if major, _, _ := strings.Cut(device, ":"); major == "1" || major == "7" && size == "0" {
			continue
		}
		if hidden, _ := m.value(folder + "/hidden"); hidden == "1" { // NVMe multipath
			continue
		}
		mapped, _ := m.value(folder + "/dm/name")
		all = append(all, newDisk(m, name, mapped, device))
		for _, part := range m.list(folder) {
			if strings.HasPrefix(part, name) && m.exists(folder+"/"+part+"/partition") {
				device, _ := m.value(folder + "/" + part + "/dev")
				all = append(all, newDisk(m, part, "", device))
			}
		}
	}
	return all
}

func newDisk(m *Machine, name, mapped, device string) disk {
	d := disk{path: strings.ReplaceAll(name, "!", "/")}
	if mapped != "" {
		d.path = mapped
	}
	for _, folder := range [...]string{"/dev/", "/dev/mapper/"} {
		if m.exists(folder + d.path) {
			d.path = folder + d.path
			break
		}
	}
	for _, line := range m.lines("/run/udev/data/b" + device) {
		key, value, _ := strings.Cut(line, "=")
		switch key {
		case "E:ID_FS_TYPE":
			d.fsType = word(value)
		case "E:ID_FS_UUID_ENC":
			d.uuid = word(unhex(value))
		case "E:ID_FS_LABEL_ENC":
			d.label = word(unhex(value))
		}
	}
	return d
}

// word drops a value with white space: Ohai's pattern does not take it.
func word(s string) string {
	if strings.ContainsAny(s, " \t") {
		return ""
	}
	return s
}

// unhex resolves udev's \x20 escapes.
func unhex(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, `\x`)
		b.WriteString(before)
		if !found {
			return valid(b.String())
		}
		high, low := -1, -1
		if len(after) > 1 {
			high, low = hexDigit(after[0]), hexDigit(after[1])
		}
		if high < 0 || low < 0 {
			b.WriteString(`\x`)
			s = after
			continue
		}
		b.WriteByte(byte(high<<4 | low))
		s = after[2:]
	}
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
