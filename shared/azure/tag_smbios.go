package azure

import "strings"

// chassisTag reads the tag in a firmware's table (SMBIOS, DMTF DSP0134): the
// string that byte 8 of the structure of type 3 names.
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
