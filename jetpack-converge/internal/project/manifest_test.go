package project

import (
	"encoding/hex"
	"encoding/json"
	"testing"
)

const hello = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"

func TestParseManifest(t *testing.T) {
	for text, want := range map[string]map[string]string{
		`{"files": [{"path": "a/b", "sha256": "` + hello + `"}, {"path": "c"}]}`: {"a/b": hello},
		`{"files": [{"path": "a", "sha256": "sha256:` + hello + `"}]}`:           {"a": hello},
		`{"files": {"a": 1}, "name": "of another form"}`:                         {},
		`{}`: {},
	} {
		got, err := ParseManifest([]byte(text))
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %x, %v", text, got, err)
		}
		for path, digest := range want {
			if hex.EncodeToString(got[path]) != digest {
				t.Errorf("%s: of %q %x", text, path, got[path])
			}
		}
	}
	for text, want := range map[string]string{
		`[]`: "it is not a JSON object",
		`{"files": [{"path": "a", "sha256": "5891"}]}`:            `the digest of "a" is no SHA-256`,
		`{"files": [{"path": "a", "sha256": "` + hello + `00"}]}`: `the digest of "a" is no SHA-256`,
		`{"files": [{"path": "a", "sha256": "no hex"}]}`:          `the digest of "a" is no SHA-256`,
	} {
		if got, err := ParseManifest([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %x, %v; want %s", text, got, err, want)
		}
	}
}

// FuzzParseManifest: what is read is what a manifest of the digests that were
// read would say.
func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(`{"files": [{"path": "a/b", "sha256": "` + hello + `"}]}`))
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
