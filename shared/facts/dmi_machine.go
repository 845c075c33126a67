package facts

import (
	"encoding/binary"
	"fmt"
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
	r["Family"] = processorFamily(family)
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
	r["Upgrade"] = processorUpgrade(s.byte(0x19))
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
	if r["Characteristics"] = list; len(list) == 0 {
		r["Characteristics"] = "None"
	}
}

// identify decodes the processor ID of x86: the signature of CPUID leaf 1 and
// its feature flags.
func (r dmiRecord) identify(family int, s dmiStructure) {
	if family == 2 || family == 1 || family >= 0x100 {
		return
	}
	a, d := binary.LittleEndian.Uint32(s.area[8:]), binary.LittleEndian.Uint32(s.area[12:])
	if family == 0x6b || family >= 0x83 && family <= 0x8f || family >= 0xe4 && family <= 0xef { // AMD
		f := a >> 8 & 15
		if f == 15 {
			f += a >> 20 & 255
		}
		r["Signature"] = fmt.Sprintf("Family %d, Model %d, Stepping %d", f, a>>12&0xf0|a>>4&15, a&15)
	} else {
		r["Signature"] = fmt.Sprintf("Type %d, Family %d, Model %d, Stepping %d", a>>12&3, a>>20&255+a>>8&15, a>>12&0xf0|a>>4&15, a&15)
	}
	if r["Flags"] = flags(uint64(d), processorFlags); d&0xbfeffbff == 0 {
		r["Flags"] = "None"
	}
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

// processorFamily has the families of the last decades' servers.
func processorFamily(n int) string {
	switch n {
	case 0x01:
		return "Other"
	case 0x02:
		return "Unknown"
	case 0x0b:
		return "Pentium"
	case 0x0f:
		return "Celeron"
	case 0x28:
		return "Core Duo"
	case 0x2b:
		return "Atom"
	case 0x6b:
		return "Zen"
	case 0x84:
		return "Opteron"
	case 0xb3:
		return "Xeon"
	case 0xbf:
		return "Core 2 Duo"
	case 0xc6:
		return "Core i7"
	case 0xcd:
		return "Core i5"
	case 0xce:
		return "Core i3"
	case 0xcf:
		return "Core i9"
	case 0x100:
		return "ARMv7"
	case 0x101:
		return "ARMv8"
	case 0x102:
		return "ARMv9"
	}
	return "<OUT OF SPEC>"
}

func processorUpgrade(n int) string {
	switch n {
	case 0x23:
		return "Socket LGA1155"
	case 0x2b:
		return "Socket LGA2011"
	case 0x36:
		return "Socket LGA3647-1"
	case 0x37:
		return "Socket SP3"
	}
	return nth(n, 1, "Other|Unknown|Daughter Board|ZIF Socket|Replaceable Piggy Back|None|LIF Socket|Slot 1|Slot 2|370-pin Socket|Slot A|Slot M")
}
