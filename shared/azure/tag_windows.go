package azure

import (
	"strings"
	"syscall"
	"unsafe"
)

// assetTag is the chassis asset tag of the firmware: the string that byte 8
// of SMBIOS structure type 3 names.
func assetTag(string) string {
	const rsmb, header = 0x52534d42, 8
	table := syscall.NewLazyDLL("kernel32.dll").NewProc("GetSystemFirmwareTable")
	if table.Find() != nil {
		return ""
	}
	buffer := make([]byte, 64<<10)
	n, _, _ := table.Call(rsmb, 0, uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)))
	if n < header || int(n) > len(buffer) {
		return ""
	}
	return chassisTag(buffer[header:n])
}

func chassisTag(b []byte) string {
	const chassis, tag, end = 3, 8, 127
	for len(b) >= 4 && b[0] != end {
		kind, size := b[0], int(b[1])
		if size < 4 || size > len(b) {
			return ""
		}
		texts, rest, found := strings.Cut(string(b[size:]), "\x00\x00")
		if kind == chassis && size > tag && b[tag] > 0 {
			if all := strings.Split(texts, "\x00"); int(b[tag]) <= len(all) {
				return strings.TrimSpace(all[b[tag]-1])
			}
		}
		if !found {
			return ""
		}
		b = []byte(rest)
	}
	return ""
}
