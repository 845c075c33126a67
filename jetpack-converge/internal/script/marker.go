package script

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/openfile"
)

const maxMarker = 4096 // bytes that are looked at

// Marker remembers that a script has succeeded.
type Marker struct {
	Digest string    // of the content that ran; "" when the marker does not tell
	At     time.Time // when it ended; zero when the marker does not tell
}

// String is the marker's file.
func (m Marker) String() string {
	return "sha256 " + m.Digest + "\nended " + m.At.UTC().Format(time.RFC3339) + "\n"
}

// ParseMarker reads a marker's file. Lines that it does not know are no
// error: an empty file made by hand says that the script is not to run.
func ParseMarker(text string) Marker {
	var m Marker
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		switch key {
		case "sha256":
			if isDigest(value) {
				m.Digest = value
			}
		case "ended":
			if at, err := time.Parse(time.RFC3339, value); err == nil {
				m.At = at.UTC()
			}
		}
	}
	return m
}

func isDigest(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }

// Markers is the folder of all markers.
type Markers string

func (m Markers) path(s Script) string {
	return filepath.Join(string(m), s.Project, s.Spec, "scripts", s.Name+".run")
}

// Done tells whether the script has succeeded with this content.
func (m Markers) Done(s Script, digest string) (bool, error) {
	file, err := openfile.Open(m.path(s))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxMarker))
	if err != nil {
		return false, err
	}
	marker := ParseMarker(string(text))
	return marker.Digest == "" || marker.Digest == digest, nil
}

// Set remembers that the script has succeeded, durably.
func (m Markers) Set(s Script, marker Marker) error {
	path := m.path(s)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return atomicfile.Write(path, []byte(marker.String()), 0o644)
}

// Forget makes the script run again.
func (m Markers) Forget(s Script) error {
	if err := os.Remove(m.path(s)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Show makes link a symbolic link to the markers, so that they can be seen
// and deleted at the place where users know them. Markers that an older
// system left there are taken over.
func (m Markers) Show(link string) error {
	if err := os.MkdirAll(string(m), 0o755); err != nil {
		return err
	}
	if at, err := os.Readlink(link); err == nil && at == string(m) {
		return nil
	}
	if info, err := os.Lstat(link); err == nil && info.IsDir() {
		if err := m.adopt(link); err != nil {
			return fmt.Errorf("cannot take over the markers in %s: %w", link, err)
		}
	}
	if err := os.RemoveAll(link); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		return err
	}
	return os.Symlink(string(m), link)
}

// adopt copies the markers from folder that are not known yet.
func (m Markers) adopt(folder string) error {
	return filepath.WalkDir(folder, func(at string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		local, err := filepath.Rel(folder, at)
		if err != nil {
			return err
		}
		to := filepath.Join(string(m), local)
		if _, err := os.Lstat(to); err == nil {
			return nil
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return atomicfile.Write(to, nil, 0o644)
	})
}
