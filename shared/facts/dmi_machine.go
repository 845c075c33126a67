package facts

import (
	"encoding/binary"
	"fmt"
	"strings"
)

func dmiChassis(s dmiStructure, r dmiRecord) {
	r.texts(s, 4, "Manufacturer")
	r["Type"] = nth(s.byte(5)&0x7f, 1, "Other|Unknown|Desktop|Low Profile Desktop|Pizza Box|Mini Tower|Tower|Portable|Laptop|Notebook|Hand Held|"+
		"Docking Station|All In One|Sub Notebook|Space-saving|Lunch Box|Main Server Chassis|Expansion Chassis|Sub Chassis|Bus Expansion Chassis|"+
		"Peripheral Chassis|RAID Chassis|Rack Mount Chassis|Sealed-case PC|Multi-system|CompactPCI|AdvancedTCA|Blade|Blade Enclosing|Tablet|"+
		"Convertible|Detachable|IoT Gateway|Embedded PC|Mini PC|Stick PC")
	r["Lock"] = nth(s.byte(5)>>7, 0, "Not Present|Present")
	r.texts(s, 6, "Version", "Serial Number", "Asset Tag")
	const states = "Other|Unknown|Safe|Warning|Critical|Non-recoverable"
	if len(s.area) >= 0x0d {
		r["Boot-up State"], r["Power Supply State"] = nth(s.byte(9), 1, states), nth(s.byte(10), 1, states)
		r["Thermal State"] = nth(s.byte(11), 1, states)
		r["Security Status"] = nth(s.byte(12), 1, "Other|Unknown|None|External Interface Locked Out|External Interface Enabled")
	}
	if len(s.area) >= 0x11 {
		r["OEM Information"] = fmt.Sprintf("0x%08X", binary.LittleEndian.Uint32(s.area[13:]))
	}
	if len(s.area) >= 0x13 {
		r["Height"], r["Number Of Power Cords"] = "Unspecified", "Unspecified"
		if n := s.byte(0x11); n > 0 {
			r["Height"] = text(n) + " U"
		}
		if n := s.byte(0x12); n > 0 {
			r["Number Of Power Cords"] = text(n)
		}
	}
	if len(s.area) >= 0x15 {
		r["Contained Elements"] = text(s.byte(0x13))
		r.texts(s, 0x15+s.byte(0x13)*s.byte(0x14), "SKU Number")
	}
}

func dmiProcessor(s dmiStructure, r dmiRecord) {
	if len(s.area) < 0x1a {
		return
	}
	r.texts(s, 4, "Socket Designation")
	r["Type"] = nth(s.byte(5), 1, "Other|Unknown|Central Processor|Math Processor|DSP Processor|Video Processor")
	family := s.byte(6)
	if family == 0xfe && len(s.area) >= 0x2a {
		family = s.word(0x28)
	}
	r["Family"] = processorFamily(family, s.text(7))
	r.texts(s, 7, "Manufacturer")
	r["ID"] = fmt.Sprintf("% X", s.area[8:16])
	r.identify(family, s)
	r.texts(s, 0x10, "Version")
	r["Voltage"] = voltage(s.byte(0x11))
	r["External Clock"] = frequency(s.word(0x12))
	r["Max Speed"], r["Current Speed"] = frequency(s.word(0x14)), frequency(s.word(0x16))
	r["Status"] = "Unpopulated"
	if status := s.byte(0x18); status&0x40 != 0 {
		r["Status"] = "Populated, " + nth(status&7, 0, "Unknown|Enabled|Disabled By User|Disabled By BIOS|Idle|<OUT OF SPEC>|<OUT OF SPEC>|Other")
	}
	r["Upgrade"] = coded(processorUpgrades, s.byte(0x19))
	if len(s.area) >= 0x20 {
		for i, name := range [...]string{"L1", "L2", "L3"} {
			r[name+" Cache Handle"] = "Not Provided"
			if handle := s.word(0x1a + 2*i); handle != 0xffff {
				r[name+" Cache Handle"] = fmt.Sprintf("0x%04X", handle)
			}
		}
	}
	r.texts(s, 0x20, "Serial Number", "Asset Tag", "Part Number")
	r.cores(s)
}

func (r dmiRecord) cores(s dmiStructure) {
	if len(s.area) < 0x28 {
		return
	}
	for i, name := range [...]string{"Core Count", "Core Enabled", "Thread Count"} {
		n := s.byte(0x23 + i)
		if n == 0xff && len(s.area) >= 0x30 {
			n = s.word(0x2a + 2*i)
		}
		if n != 0 {
			r[name] = text(n)
		}
	}
	list := flags(uint64(s.word(0x26)), "||64-bit capable|Multi-Core|Hardware Thread|Execute Protection|Enhanced Virtualization|"+
		"Power/Performance Control|128-bit Capable|Arm64 SoC ID")
	if r["Characteristics"] = list; s.word(0x26)&0xfc == 0 {
		r["Characteristics"] = "None"
	}
}

// processorFamily is the family's name. One number has been given twice.
func processorFamily(family int, maker string) string {
	switch {
	case family != 0xbe:
		return coded(processorFamilies, family)
	case strings.Contains(maker, "Intel"):
		return "Core 2"
	case strings.Contains(maker, "AMD"):
		return "K7"
	}
	return "Core 2 or K7"
}

// identify decodes the processor ID, where the family is one whose ID is
// known: of ARM the MIDR, of x86 the signature of CPUID leaf 1 and its flags.
func (r dmiRecord) identify(family int, s dmiStructure) {
	a, d := binary.LittleEndian.Uint32(s.area[8:]), binary.LittleEndian.Uint32(s.area[12:])
	low := a >> 8 & 15
	switch {
	case within(family, 0x100, 0x101, 0x118, 0x119):
		if a != 0 {
			r["Signature"] = fmt.Sprintf("Implementor 0x%02x, Variant 0x%x, Architecture %d, Part 0x%03x, Revision %d", a>>24, a>>20&15, a>>16&15, a>>4&0xfff, a&15)
		}
		return
	case within(family, 0x0b, 0x15, 0x28, 0x2f, 0xa1, 0xb3, 0xb5, 0xb5, 0xb9, 0xc7, 0xcd, 0xcf, 0xd2, 0xdb, 0xdd, 0xe0):
		r["Signature"] = fmt.Sprintf("Type %d, Family %d, Model %d, Stepping %d", a>>12&3, a>>20&255+low, a>>12&0xf0|a>>4&15, a&15)
	case within(family, 0x18, 0x1d, 0x1f, 0x1f, 0x38, 0x3f, 0x46, 0x4f, 0x66, 0x6b, 0x83, 0x8f, 0xb6, 0xb7, 0xe4, 0xef): // AMD
		model := a >> 4 & 15
		if low == 15 {
			low, model = low+a>>20&255, model|a>>12&0xf0
		}
		r["Signature"] = fmt.Sprintf("Family %d, Model %d, Stepping %d", low, model, a&15)
	default:
		return
	}
	if r["Flags"] = flags(uint64(d), processorFlags); d&0xbfeffbff == 0 {
		r["Flags"] = "None"
	}
}

// within tells whether n is in one of the ranges, each a first and a last.
func within(n int, ranges ...int) bool {
	for i := 0; i < len(ranges); i += 2 {
		if ranges[i] <= n && n <= ranges[i+1] {
			return true
		}
	}
	return false
}

const processorFlags = "FPU (Floating-point unit on-chip)|VME (Virtual mode extension)|DE (Debugging extension)|PSE (Page size extension)|" +
	"TSC (Time stamp counter)|MSR (Model specific registers)|PAE (Physical address extension)|MCE (Machine check exception)|" +
	"CX8 (CMPXCHG8 instruction supported)|APIC (On-chip APIC hardware supported)||SEP (Fast system call)|" +
	"MTRR (Memory type range registers)|PGE (Page global enable)|MCA (Machine check architecture)|" +
	"CMOV (Conditional move instruction supported)|PAT (Page attribute table)|PSE-36 (36-bit page size extension)|" +
	"PSN (Processor serial number present and enabled)|CLFSH (CLFLUSH instruction supported)||DS (Debug store)|ACPI (ACPI supported)|" +
	"MMX (MMX technology supported)|FXSR (FXSAVE and FXSTOR instructions supported)|SSE (Streaming SIMD extensions)|" +
	"SSE2 (Streaming SIMD extensions 2)|SS (Self-snoop)|HTT (Multi-threading)|TM (Thermal monitor supported)||PBE (Pending break enabled)"

func frequency(mhz int) string {
	if mhz == 0 {
		return "Unknown"
	}
	return text(mhz) + " MHz"
}

func voltage(code int) string {
	switch {
	case code&0x80 != 0:
		return fmt.Sprintf("%.1f V", float64(code&0x7f)/10)
	case code&7 == 0:
		return "Unknown"
	}
	out := ""
	for i, v := range [...]string{"5.0 V", "3.3 V", "2.9 V"} {
		if code>>i&1 == 1 {
			if out != "" {
				out += " "
			}
			out += v
		}
	}
	return out
}
