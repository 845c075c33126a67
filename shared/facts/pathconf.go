package facts

import "strings"

// pathLimits is pathconf(3) of the root folder, by its filesystem's type
// (the magic numbers of statfs(2)).
func pathLimits(m *Machine, out map[string]any) {
	if m.Statfs == nil {
		return
	}
	s, err := m.Statfs("/")
	if err != nil {
		return
	}
	links, bits := "127", "32"
	switch s.Type {
	case 0xef53: // ext2, ext3, ext4
		links, bits = "65000", "64"
	case 0x58465342: // XFS
		links, bits = "2147483647", "64"
	case 0x9123683e: // Btrfs
		bits = "64"
	}
	set(out, links, "LINK_MAX", "_POSIX_LINK_MAX")
	set(out, bits, "FILESIZEBITS")
	set(out, text(int(s.NameLength)), "NAME_MAX", "_POSIX_NAME_MAX")
	set(out, text(int(s.BlockSize)), "POSIX_ALLOC_SIZE_MIN", "POSIX_REC_XFER_ALIGN")
	set(out, text(int(s.Preferred)), "POSIX_REC_MIN_XFER_SIZE")
	set(out, "1", "POSIX2_SYMLINKS")
}

// caches is the first processor's, as the kernel describes them in sysfs.
func caches(m *Machine, out map[string]any) {
	for _, kind := range [...]string{"LEVEL1_ICACHE", "LEVEL1_DCACHE", "LEVEL2_CACHE", "LEVEL3_CACHE", "LEVEL4_CACHE"} {
		set(out, "-", kind+"_SIZE", kind+"_ASSOC", kind+"_LINESIZE")
	}
	folder := "/sys/devices/system/cpu/cpu0/cache/"
	for _, index := range m.list(folder) {
		value := func(name string) string {
			v, _ := m.value(folder + index + "/" + name)
			return v
		}
		name := "LEVEL" + value("level") + "_"
		switch value("type") {
		case "Instruction":
			name += "I"
		case "Data":
			name += "D"
		case "Unified":
		default:
			continue
		}
		size := value("size")
		if kilo, ok := strings.CutSuffix(size, "K"); ok {
			size = text(number(kilo) << 10)
		}
		set(out, size, name+"CACHE_SIZE")
		set(out, value("ways_of_associativity"), name+"CACHE_ASSOC")
		set(out, value("coherency_line_size"), name+"CACHE_LINESIZE")
	}
}
