package azure

import (
	"syscall"
	"unsafe"
)

// assetTag is the chassis asset tag of the firmware.
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
