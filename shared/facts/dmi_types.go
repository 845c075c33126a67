package facts

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// dmiRecord is one structure in dmidecode's fields.
type dmiRecord map[string]any

func dmiType(kind int) (name, title string, describe func(dmiStructure, dmiRecord)) {
	switch kind {
	case 0:
		return "bios", "BIOS Information", dmiBIOS
	case 1:
		return "system", "System Information", dmiSystemRecord
	case 2:
		return "base_board", "Base Board Information", dmiBoard
	case 3:
		return "chassis", "Chassis Information", dmiChassis
	case 4:
		return "processor", "Processor Information", dmiProcessor
	case 6:
		return "memory_module", "Memory Module Information", dmiMemoryModule
	case 11:
		return "oem_strings", "OEM Strings", dmiOEM
	}
	return "", "", nil
}

// texts sets string fields at consecutive offsets.
func (r dmiRecord) texts(s dmiStructure, at int, names ...string) {
	for i, name := range names {
		if at+i < len(s.area) {
			r[name] = s.text(at + i)
		}
	}
}

// flags is a list as Ohai has it, each word a key to null: the names of the
// bits that are set. (Ohai itself loses all but the last.)
func flags(bits uint64, names string) map[string]any {
	out := map[string]any{}
	for i, name := range strings.Split(names, "|") {
		if bits>>i&1 == 1 && name != "" {
			out[name] = nil
		}
	}
	return out
}

// nth is the name of a number that counts from start.
func nth(n, start int, names string) string {
	list := strings.Split(names, "|")
	if n < start || n-start >= len(list) {
		return "<OUT OF SPEC>"
	}
	return list[n-start]
}

func dmiBIOS(s dmiStructure, r dmiRecord) {
	r.texts(s, 4, "Vendor", "Version")
	r.texts(s, 8, "Release Date")
	if segment := s.word(6); segment != 0 {
		r["Address"] = fmt.Sprintf("0x%04X0", segment)
		r["Runtime Size"] = binarySize((0x10000-segment)<<4, "bytes")
	}
	if code := s.byte(9); code != 0xff {
		r["ROM Size"] = binarySize((code+1)<<6, "kB")
	} else if extended := s.word(0x18); len(s.area) >= 0x1a {
		r["ROM Size"] = text(extended&0x3fff) + " " + nth(extended>>14, 0, "MB|GB")
	} else {
		r["ROM Size"] = "16 MB"
	}
	if len(s.area) < 0x12 {
		return
	}
	bits := binary.LittleEndian.Uint64(s.area[10:])
	list := map[string]any{"BIOS characteristics not supported": nil}
	if bits&8 == 0 {
		list = flags(bits&0xffffffff, biosBits)
	}
	for name := range flags(uint64(s.byte(0x12))|uint64(s.byte(0x13))<<8, biosMoreBits) {
		list[name] = nil
	}
	r["Characteristics"] = list
	if len(s.area) >= 0x18 {
		r.revision("BIOS Revision", s.byte(0x14), s.byte(0x15))
		r.revision("Firmware Revision", s.byte(0x16), s.byte(0x17))
	}
}

func (r dmiRecord) revision(name string, major, minor int) {
	if major != 0xff && minor != 0xff {
		r[name] = fmt.Sprintf("%d.%d", major, minor)
	}
}

// binarySize writes a size in the largest unit that leaves no remainder.
func binarySize(n int, unit string) string {
	units := []string{"bytes", "kB", "MB", "GB"}
	for i, u := range units[:3] {
		if u == unit && n != 0 && n%1024 == 0 {
			n, unit = n/1024, units[i+1]
		}
	}
	return text(n) + " " + unit
}

const biosBits = "||||ISA is supported|MCA is supported|EISA is supported|PCI is supported|PC Card (PCMCIA) is supported|" +
	"PNP is supported|APM is supported|BIOS is upgradeable|BIOS shadowing is allowed|VLB is supported|ESCD support is available|" +
	"Boot from CD is supported|Selectable boot is supported|BIOS ROM is socketed|Boot from PC Card (PCMCIA) is supported|" +
	"EDD is supported|Japanese floppy for NEC 9800 1.2 MB is supported (int 13h)|" +
	"Japanese floppy for Toshiba 1.2 MB is supported (int 13h)|5.25\"/360 kB floppy services are supported (int 13h)|" +
	"5.25\"/1.2 MB floppy services are supported (int 13h)|3.5\"/720 kB floppy services are supported (int 13h)|" +
	"3.5\"/2.88 MB floppy services are supported (int 13h)|Print screen service is supported (int 5h)|" +
	"8042 keyboard services are supported (int 9h)|Serial services are supported (int 14h)|" +
	"Printer services are supported (int 17h)|CGA/mono video services are supported (int 10h)|NEC PC-98"

const biosMoreBits = "ACPI is supported|USB legacy is supported|AGP is supported|I2O boot is supported|LS-120 boot is supported|" +
	"ATAPI Zip drive boot is supported|IEEE 1394 boot is supported|Smart battery is supported|" +
	"BIOS boot specification is supported|Function key-initiated network boot is supported|" +
	"Targeted content distribution is supported|UEFI is supported|System is a virtual machine|" +
	"Manufacturing mode is supported|Manufacturing mode is enabled"

func dmiSystemRecord(s dmiStructure, r dmiRecord) {
	r.texts(s, 4, "Manufacturer", "Product Name", "Version", "Serial Number")
	if len(s.area) >= 0x19 {
		r["UUID"] = dmiUUID(s.area[8:24])
		r["Wake-up Type"] = nth(s.byte(0x18), 0, "Reserved|Other|Unknown|APM Timer|Modem Ring|LAN Remote|Power Switch|PCI PME#|AC Power Restored")
	}
	r.texts(s, 0x19, "SKU Number", "Family")
}

// dmiUUID has the first three fields in little-endian order.
func dmiUUID(b []byte) string {
	if same := strings.Count(string(b), string(b[:1])) == len(b); same && b[0] == 0xff {
		return "Not Present"
	} else if same && b[0] == 0 {
		return "Not Settable"
	}
	return fmt.Sprintf("%08x-%04x-%04x-%x-%x", binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint16(b[4:]),
		binary.LittleEndian.Uint16(b[6:]), b[8:10], b[10:])
}

func dmiBoard(s dmiStructure, r dmiRecord) {
	r.texts(s, 4, "Manufacturer", "Product Name", "Version", "Serial Number", "Asset Tag")
	if len(s.area) < 0x0e {
		return
	}
	r["Features"] = flags(uint64(s.byte(9)), "Board is a hosting board|Board requires at least one daughter board|"+
		"Board is removable|Board is replaceable|Board is hot swappable")
	if s.byte(9)&0x1f == 0 {
		r["Features"] = "None"
	}
	r.texts(s, 0x0a, "Location In Chassis")
	r["Chassis Handle"] = fmt.Sprintf("0x%04X", s.word(0x0b))
	r["Type"] = nth(s.byte(0x0d), 1, "Unknown|Other|Server Blade|Connectivity Switch|System Management Module|Processor Module|I/O Module|"+
		"Memory Module|Daughter Board|Motherboard|Processor+Memory Module|Processor+I/O Module|Interconnect Board")
	if n := s.byte(0x0e); len(s.area) > 0x0e {
		r["Contained Object Handles"] = text(n)
		if n > 0 {
			list := map[string]any{}
			for i := range n {
				list[fmt.Sprintf("0x%04X", s.word(0x0f+2*i))] = nil
			}
			r["Contained Object Handles"] = list
		}
	}
}

// dmiMemoryModule is a module of memory as firmware described it until SMBIOS
// 2.1. (Later ones have structures of type 17, at which Ohai does not look.)
func dmiMemoryModule(s dmiStructure, r dmiRecord) {
	if len(s.area) < 0x0c {
		return
	}
	r.texts(s, 4, "Socket Designation")
	switch high, low := s.byte(5)>>4, s.byte(5)&15; {
	case high == 15 && low == 15:
		r["Bank Connections"] = "None"
	case high == 15:
		r["Bank Connections"] = text(low)
	case low == 15:
		r["Bank Connections"] = text(high)
	default:
		r["Bank Connections"] = text(high) + " " + text(low)
	}
	r["Current Speed"] = "Unknown"
	if n := s.byte(6); n > 0 {
		r["Current Speed"] = text(n) + " ns"
	}
	var kinds []string
	for i, name := range [...]string{"Other", "Unknown", "Standard", "FPM", "EDO", "Parity", "ECC", "SIMM", "DIMM", "Burst EDO", "SDRAM"} {
		if s.word(7)>>i&1 == 1 {
			kinds = append(kinds, name)
		}
	}
	if r["Type"] = strings.Join(kinds, " "); kinds == nil {
		r["Type"] = "None"
	}
	r["Installed Size"], r["Enabled Size"] = moduleSize(s.byte(9)), moduleSize(s.byte(10))
	r["Error Status"] = "See Event Log"
	if state := s.byte(11); state&4 == 0 {
		r["Error Status"] = nth(state&3, 0, "OK|Uncorrectable Errors|Correctable Errors|Correctable and Uncorrectable Errors")
	}
}

func moduleSize(code int) string {
	size := ""
	switch n := code & 0x7f; n {
	case 0x7d:
		size = "Not Determinable"
	case 0x7e:
		size = "Disabled"
	case 0x7f:
		return "Not Installed"
	default:
		size = text(1<<(n&31)) + " MB"
	}
	if code&0x80 != 0 {
		return size + " (Double-bank Connection)"
	}
	return size + " (Single-bank Connection)"
}

func dmiOEM(s dmiStructure, r dmiRecord) {
	for i := range s.strings {
		s.area = []byte{byte(i + 1)}
		r[fmt.Sprintf("String %d", i+1)] = s.text(0)
	}
}
