package facts

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
)

// dmi is the firmware's description of the machine (SMBIOS, DMTF DSP0134) in
// the words of dmidecode(8). The table is for root's eyes; to others the
// kernel shows a few strings of it, which Ohai does not look at.
func dmi(_ context.Context, m *Machine) map[string]any {
	out := map[string]any{}
	dmiEntry(m, out)
	table, found := m.raw("/sys/firmware/dmi/tables/DMI", small)
	if !found {
		dmiStrings(m, out)
	}
	for _, s := range dmiStructures([]byte(table)) {
		if name, title, describe := dmiType(s.kind); describe != nil {
			r := dmiRecord{"record_id": fmt.Sprintf("0x%04X", s.handle), "size": text(s.kind), "application_identifier": title}
			describe(s, r)
			section, ok := out[name].(map[string]any)
			if !ok {
				section = map[string]any{"all_records": []any{}}
				out[name] = section
			}
			section["all_records"] = append(section["all_records"].([]any), map[string]any(r))
		}
	}
	for _, section := range out {
		if s, ok := section.(map[string]any); ok && s["all_records"] != nil {
			dmiCommon(s)
		}
	}
	return map[string]any{"dmi": out}
}

// dmiEntry reads the entry point. Ohai takes the lines of version 2 only.
func dmiEntry(m *Machine, out map[string]any) {
	entry, _ := m.raw("/sys/firmware/dmi/tables/smbios_entry_point", small)
	b := []byte(entry)
	if len(b) < 31 || string(b[:4]) != "_SM_" {
		return
	}
	out["smbios_version"] = fmt.Sprintf("%d.%d", b[6], b[7])
	out["structures"] = map[string]any{"count": text(int(binary.LittleEndian.Uint16(b[0x1c:]))),
		"size": text(int(binary.LittleEndian.Uint16(b[0x16:])))}
	if at := fmt.Sprintf("0x%08X", binary.LittleEndian.Uint32(b[0x18:])); !strings.Contains(at, "F") {
		out["table_location"] = at // Ohai's pattern has the digits up to E
	}
}

// dmiStrings is what the kernel shows to everyone in /sys/class/dmi/id.
func dmiStrings(m *Machine, out map[string]any) {
	for _, s := range [...][3]string{
		{"sys_vendor", "system", "manufacturer"}, {"product_name", "system", "product_name"},
		{"product_version", "system", "version"}, {"product_family", "system", "family"}, {"product_sku", "system", "sku_number"},
		{"board_vendor", "base_board", "manufacturer"}, {"board_name", "base_board", "product_name"}, {"board_version", "base_board", "version"},
		{"chassis_vendor", "chassis", "manufacturer"}, {"chassis_version", "chassis", "version"}, {"chassis_asset_tag", "chassis", "asset_tag"},
		{"bios_vendor", "bios", "vendor"}, {"bios_version", "bios", "version"}, {"bios_date", "bios", "release_date"},
	} {
		value, found := m.value("/sys/class/dmi/id/" + s[0])
		if !found {
			continue
		}
		section, ok := out[s[1]].(map[string]any)
		if !ok {
			section = map[string]any{}
			out[s[1]] = section
		}
		section[s[2]] = value
	}
}

// dmiSystem is the maker and the name of the machine.
func dmiSystem(m *Machine) (maker, product string) {
	out, _ := dmi(context.Background(), m)["dmi"].(map[string]any)
	system, _ := out["system"].(map[string]any)
	maker, _ = system["manufacturer"].(string)
	product, _ = system["product_name"].(string)
	return maker, product
}

// dmiStructure is one structure: its formatted area, header included, and the
// strings that its fields name by number.
type dmiStructure struct {
	kind    int
	handle  uint16
	area    []byte
	strings []string
}

func dmiStructures(b []byte) (all []dmiStructure) {
	const end = 127
	for len(b) >= 4 && b[0] != end {
		size := int(b[1])
		if size < 4 || size > len(b) {
			return all
		}
		s := dmiStructure{kind: int(b[0]), handle: binary.LittleEndian.Uint16(b[2:]), area: b[:size]}
		texts, rest, _ := strings.Cut(string(b[size:]), "\x00\x00")
		if texts != "" {
			s.strings = strings.Split(texts, "\x00")
		}
		all, b = append(all, s), []byte(rest)
	}
	return all
}

func (s dmiStructure) byte(at int) int {
	if at < len(s.area) {
		return int(s.area[at])
	}
	return 0
}

func (s dmiStructure) word(at int) int { return s.byte(at) | s.byte(at+1)<<8 }

// text is the string that the byte at an offset names.
func (s dmiStructure) text(at int) string {
	n := s.byte(at)
	switch {
	case n == 0:
		return "Not Specified"
	case n > len(s.strings):
		return "<BAD INDEX>"
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '.'
		}
		return r
	}, s.strings[n-1])
}

// dmiCommon adds what all records of a section agree on, under plain names.
func dmiCommon(section map[string]any) {
	common := map[string]any{}
	for _, record := range section["all_records"].([]any) {
		for field, value := range record.(map[string]any) {
			s, ok := value.(string)
			name := strings.Map(plainRune, strings.ToLower(field))
			if !ok || name == "application_identifier" || name == "size" || name == "record_id" {
				continue
			}
			if before, seen := common[name]; seen && before != strings.TrimSpace(s) {
				common[name] = nil
			} else if !seen {
				common[name] = strings.TrimSpace(s)
			}
		}
	}
	for name, value := range common {
		if value != nil {
			section[name] = value
		}
	}
}

func plainRune(r rune) rune {
	if r < 'a' && (r < '0' || r > '9') || r > 'z' {
		return '_'
	}
	return r
}
