package project

import (
	"encoding/hex"
	"encoding/json"
	"testing"
)

// FuzzParseManifest: what is read is what a manifest of the digests that were
// read would say.
func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(`{"files": [{"path": "a/b", "sha256": "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"}]}`))
	f.Add([]byte(`{"files": {"a": 1}}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		digests, err := ParseManifest(text)
		if err != nil {
			return
		}
		type file struct {
			Path   string `json:"path"`
			SHA256 string `json:"sha256"`
		}
		var files []file
		for path, digest := range digests {
			files = append(files, file{path, hex.EncodeToString(digest)})
		}
		again, err := json.Marshal(map[string]any{"files": files})
		if err != nil {
			t.Fatal(err)
		}
		reread, err := ParseManifest(again)
		if err != nil || len(reread) != len(digests) {
			t.Fatalf("%d digests became %d: %v", len(digests), len(reread), err)
		}
		for path, digest := range digests {
			if string(reread[path]) != string(digest) {
				t.Errorf("%q: %x became %x", path, digest, reread[path])
			}
		}
	})
}
