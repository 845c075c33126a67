package facts

import (
	std "crypto/md5"
	"encoding/hex"
	"testing"
)

func FuzzMD5(f *testing.F) {
	for n := range 130 {
		f.Add(make([]byte, n))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		want := std.Sum(message)
		if got := md5(message); got != hex.EncodeToString(want[:]) {
			t.Errorf("md5(%x) = %s, not %x", message, got, want)
		}
	})
}
