package boot

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// identifier is the number of the boot that Windows counts for its prefetcher.
func identifier() string {
	const path = `SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters`
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer key.Close()
	n, _, err := key.GetIntegerValue("BootId")
	if err != nil {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

func up() time.Duration { return windows.DurationSinceBoot() }

// Identify is this machine; the root is without meaning on Windows.
func Identify(string) Machine {
	return Machine{Hardware: firmware(), System: guid()}
}

func guid() string {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Cryptography`, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if err != nil {
		return ""
	}
	defer key.Close()
	text, _, _ := key.GetStringValue("MachineGuid")
	return text
}

// firmware is the UUID of the firmware's system table.
func firmware() string {
	const provider = 'R'<<24 | 'S'<<16 | 'M'<<8 | 'B'
	table := make([]byte, 1<<16)
	call := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetSystemFirmwareTable")
	n, _, _ := call.Call(provider, 0, uintptr(unsafe.Pointer(&table[0])), uintptr(len(table)))
	if n < 8 || n > uintptr(len(table)) {
		return ""
	}
	// RawSMBIOSData of winnt.h: eight bytes, the last four of which are the length.
	length := int(binary.LittleEndian.Uint32(table[4:8]))
	return systemUUID(table[8:min(8+length, int(n))])
}

// systemUUID looks for structure type 1 of the SMBIOS specification.
func systemUUID(table []byte) string {
	for len(table) >= 4 {
		kind, length := table[0], int(table[1])
		if length < 4 || length > len(table) {
			return ""
		}
		if kind == 1 && length >= 24 {
			return hex.EncodeToString(table[8:24])
		}
		// Strings follow, ended by two zero bytes.
		end := length
		for end+1 < len(table) && (table[end] != 0 || table[end+1] != 0) {
			end++
		}
		table = table[min(end+2, len(table)):]
	}
	return ""
}
