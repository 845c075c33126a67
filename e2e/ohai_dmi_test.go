//go:build linux

package e2e

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jetpack.internal/shared/facts"
)

// TestFirmwareEqualsOhai gives one made-up SMBIOS table to the real dmidecode
// and Ohai, and to the facts. This machine may have no firmware of its own.
func TestFirmwareEqualsOhai(t *testing.T) {
	real, err := exec.LookPath("dmidecode")
	if err != nil {
		t.Fatalf("%v: apt-get install dmidecode", err)
	}
	for name, table := range firmwares() {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			entry := smbiosEntry(table)
			write(t, filepath.Join(dir, "dump"), append(append(entry, make([]byte, 32-len(entry))...), table...))
			write(t, filepath.Join(dir, "sys/firmware/dmi/tables/DMI"), table)
			write(t, filepath.Join(dir, "sys/firmware/dmi/tables/smbios_entry_point"), entry)
			write(t, filepath.Join(dir, "bin/dmidecode"), []byte("#!/bin/sh\nexec "+real+" --from-dump "+filepath.Join(dir, "dump")+"\n"))
			cmd := exec.Command("ohai", "dmi")
			cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"))
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			var want any
			if err := json.Unmarshal(out, &want); err != nil {
				t.Fatal(err)
			}
			value, _ := (&facts.Machine{Root: dir}).Fact(context.Background(), "dmi")
			text, _ := json.Marshal(value)
			var got any
			json.Unmarshal(text, &got)
			compareFirmware(t, want, got)
		})
	}
}

func compareFirmware(t *testing.T, want, got any) {
	reference, ours := map[string]any{}, map[string]any{}
	walkAll("dmi", want, reference)
	walkAll("dmi", got, ours)
	for _, path := range union(reference, ours) {
		if path == "dmi.dmidecode_version" || path == "dmi.table_location" {
			continue // from a dump dmidecode tells no place
		}
		a, inA := reference[path]
		b, inB := ours[path]
		if _, record, isRecord := strings.Cut(path, "]."); isRecord && !inA && strings.Contains(record, ".") {
			list := strings.TrimSuffix(path, record) + strings.Split(record, ".")[0]
			if _, whole := ours[list]; !whole {
				continue // of a list Ohai keeps the last member only
			}
		}
		if inA != inB || a != b {
			t.Errorf("%s: Ohai has %s, we have %s", path, shown(a, inA), shown(b, inB))
		}
	}
	t.Logf("%d leaves compared", len(reference))
}

// walkAll is walk that goes into lists.
func walkAll(path string, value any, found map[string]any) {
	switch v := value.(type) {
	case map[string]any:
		for key, child := range v {
			walkAll(path+"."+key, child, found)
		}
	case []any:
		for i, child := range v {
			walkAll(fmt.Sprintf("%s[%d]", path, i), child, found)
		}
	default:
		found[path] = value
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o755); err != nil {
		t.Fatal(err)
	}
}

// smbiosEntry is an entry point of version 2.8 (DSP0134, 5.2.1).
func smbiosEntry(table []byte) []byte {
	b := make([]byte, 31)
	copy(b, "_SM_")
	b[5], b[6], b[7] = 31, 2, 8
	copy(b[16:], "_DMI_")
	binary.LittleEndian.PutUint16(b[22:], uint16(len(table)))
	binary.LittleEndian.PutUint32(b[24:], 32)
	binary.LittleEndian.PutUint16(b[28:], uint16(strings.Count(string(table), "\x00\x00")))
	b[30] = 0x28
	b[21] = -sum(b[16:31])
	b[4] = -sum(b)
	return b
}

func sum(b []byte) (s byte) {
	for _, c := range b {
		s += c
	}
	return s
}

// structure is one SMBIOS structure: type, handle, formatted area, strings.
func structure(kind byte, handle uint16, area []byte, texts ...string) []byte {
	b := append([]byte{kind, byte(4 + len(area)), byte(handle), byte(handle >> 8)}, area...)
	for _, text := range texts {
		b = append(append(b, text...), 0)
	}
	if len(texts) == 0 {
		b = append(b, 0)
	}
	return append(b, 0)
}

func firmwares() map[string][]byte {
	bios := structure(0, 0, []byte{1, 2, 0x00, 0xf0, 3, 0x03, 0x80, 0x98, 0x8b, 0x3f, 1, 0, 0, 0, 0x37, 0x1c, 4, 1, 0xff, 0xff},
		"American Megatrends Inc.", "090008 ", "12/07/2018")
	system := structure(1, 1, append([]byte{1, 2, 3, 4, 0x10, 0x20, 0x30, 0x40, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, 6, 0, 5),
		"Microsoft Corporation", "Virtual Machine", "7.0", "0000-0014-4378-0361-9462-5120-30", "None")
	board := structure(2, 2, []byte{1, 2, 3, 4, 5, 9, 6, 3, 0, 10, 0}, "Microsoft Corporation", "Virtual Machine", "7.0", "0000-01", "tag", "here")
	chassis := structure(3, 3, []byte{1, 3, 2, 3, 4, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0}, "Microsoft Corporation", "7.0", "0000-02", "7783-7084-3265-9085-8269-3286-77")
	cpu := structure(4, 4, []byte{1, 3, 0xb3, 2, 0x57, 6, 5, 0, 0xff, 0xfb, 0xab, 0x1f, 3, 0x8c, 100, 0, 0xac, 0x0d, 0x98, 0x0a, 0x41, 1,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 4, 0, 0, 2, 2, 4, 0xfc, 0, 0xb3, 0}, "None", "GenuineIntel", "Intel(R) Xeon(R) Platinum 8272CL", "None")
	amd := structure(4, 5, []byte{1, 3, 0x6b, 2, 0x11, 0x0f, 0xa0, 0, 0xff, 0xfb, 0x8b, 0x17, 3, 0, 0, 0, 0, 0, 0, 0, 0, 2,
		7, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 4, 0, 0x6b, 0}, "CPU 1", "AMD", "AMD EPYC 7V73X")
	oem := structure(11, 6, []byte{2}, "[MS_VM_CERT/SHA1/9b80ca0d5dd061ec9da4e494f4c3fd1196270c22]", "00000000000000000000000000000000")
	end := structure(127, 7, nil)
	join := func(parts ...[]byte) (all []byte) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	var all []byte // every number of a family, of a socket, and of a memory module
	for n := range 0x130 {
		if n == 5 || n == 6 {
			continue // the 386 and the 486, whose signatures read otherwise
		}
		all = append(all, structure(4, uint16(n), []byte{1, 3, byte(min(n, 0xfe)), 2, byte(n), 0x0f + byte(n<<4), byte(n), 0, 0xff, 0xfb, 0x8b, 0x17, 3, byte(n), 0, 0, 0, 0, 0, 0,
			byte(n), byte(n), 7, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, byte(n), byte(n >> 1), byte(n >> 2), byte(n), byte(n >> 6), byte(n), byte(n >> 8),
			byte(n), 0, byte(n), 0, byte(n), 0}, "CPU", []string{"Intel", "AMD", "Maker"}[n%3], "None")...)
	}
	for n := range 0x100 {
		all = append(all, structure(6, uint16(0x200+n), []byte{1, byte(n), byte(n / 2), byte(n), byte(n >> 5), byte(n), byte(n * 3), byte(n)}, "DIMM")...)
	}
	return map[string][]byte{
		"all numbers": join(all, end),
		"hyper-v":     join(bios, system, board, chassis, oem, end),
		"two sockets": join(bios, system, structure(2, 2, []byte{1, 2, 3, 4, 5, 0, 6, 3, 0, 11, 2, 4, 0, 5, 0}, "Maker"), chassis, cpu, amd, end),
		"sparse":      join(structure(1, 1, make([]byte, 20)), structure(3, 3, []byte{0, 23, 0, 0, 0}), end),
	}
}
