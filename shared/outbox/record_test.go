package outbox

import (
	"bytes"
	"testing"
)

// FuzzDamage states the law of the format: whatever happens to one byte of a
// file, at most the record that held it is gone, and nothing false is read.
func FuzzDamage(f *testing.F) {
	f.Add([]byte(`{"a":1}`), []byte(`"{\"crc32c\":\""`), 3, byte(1))
	f.Add([]byte(`{}`), []byte(`"x"`), 43, byte(0x2a)) // a newline's place
	f.Add([]byte(`"\\n"`), []byte(``), 0, byte(0xff))
	f.Add([]byte(`{"a":1}`), []byte(`"x"`), 45, byte(1)) // the 1: it is JSON still, and its checksum alone tells
	f.Fuzz(func(t *testing.T, a, b []byte, at int, flip byte) {
		a, b = bytes.ReplaceAll(a, []byte("\n"), nil), bytes.ReplaceAll(b, []byte("\n"), nil)
		texts := [][]byte{a, b, []byte(`{"third":true}`)}
		var file []byte
		var ends []int
		for _, text := range texts {
			file = appendRecord(file, text)
			ends = append(ends, len(file))
		}
		at = int(uint(at) % uint(len(file)))
		file[at] ^= flip
		var want [][]byte
		for i, text := range texts {
			hit := flip != 0 && at < ends[i] && (i == 0 || at >= ends[i-1])
			if newline := at == ends[i]-1; !hit || newline {
				want = append(want, text)
			}
		}
		var got [][]byte
		for _, p := range pieces(file) {
			if p.sound {
				got = append(got, p.text)
			}
		}
		if !equal(got, want) {
			t.Errorf("byte %d ^ %#x of %q: read %q, want %q", at, flip, file, got, want)
		}
	})
}

func equal(a, b [][]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func FuzzPieces(f *testing.F) {
	f.Add(appendRecord(nil, []byte("{}")))
	f.Add([]byte(`{"crc32c":"00000000","size":9999999999,"message":}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		end := 0
		for _, p := range pieces(data) {
			if p.end <= end || p.end > len(data) {
				t.Fatalf("piece ends at %d after %d of %d", p.end, end, len(data))
			}
			end = p.end
		}
	})
}
