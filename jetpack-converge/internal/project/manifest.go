package project

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"jetpack.internal/shared/locker"
)

const maxManifest = 64 << 20 // bytes

// Digests are the SHA-256 digests of a release's files by their path below
// the release, as its manifest.json tells them:
//
//	{"files": [{"path": "SPEC/cluster-init/…", "sha256": HEX}]}
//
// A manifest may leave files out and hold anything else. There are none
// without a manifest.
func (r *Release) Digests(ctx context.Context) (map[string][]byte, error) {
	if r.Manifest == nil || r.Manifest.Size == 0 {
		return nil, nil
	}
	address := r.Locker.Address(r.Manifest.Name)
	if r.Manifest.Size > maxManifest {
		return nil, fmt.Errorf("cannot read %s: larger than %d bytes", address, maxManifest)
	}
	in, err := r.Locker.Open(ctx, *r.Manifest, 0)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", address, err)
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, r.Manifest.Size))
	if err == nil && int64(len(text)) < r.Manifest.Size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", address, err)
	}
	digests, err := ParseManifest(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", locker.ErrInvalid, address, err)
	}
	return digests, nil
}

// ParseManifest reads the text of a manifest.json.
func ParseManifest(text []byte) (map[string][]byte, error) {
	var manifest map[string]json.RawMessage
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, errors.New("it is not a JSON object")
	}
	var files []struct {
		Path   string `json:"path"`
		SHA256 string `json:"sha256"`
	}
	if json.Unmarshal(manifest["files"], &files) != nil {
		return nil, nil // a manifest of another form
	}
	digests := map[string][]byte{}
	for _, file := range files {
		if file.SHA256 == "" {
			continue
		}
		digest, err := hex.DecodeString(strings.TrimPrefix(file.SHA256, "sha256:"))
		if err != nil || len(digest) != 32 {
			return nil, fmt.Errorf("the digest of %q is no SHA-256", file.Path)
		}
		digests[file.Path] = digest
	}
	return digests, nil
}
