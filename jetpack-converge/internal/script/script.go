// Package script finds, runs and remembers a spec's cluster-init scripts.
package script

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const maxScripts = 10_000 // in one spec

// Script is one file that runs once per node and content.
type Script struct {
	Project, Version, Spec string
	Name                   string // file name
	Path                   string // absolute
}

// List finds the scripts in a spec's scripts folder, in lexicographic order;
// none when there is no such folder. Only the names that wanted accepts count.
// The others that look like data are returned as ignored.
func List(folder string, wanted func(name string) bool) (scripts []Script, ignored []string, err error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if len(entries) > maxScripts {
		return nil, nil, errors.New("too many files in " + folder)
	}
	for _, entry := range entries {
		path := filepath.Join(folder, entry.Name())
		info, err := os.Stat(path)
		switch {
		case err != nil || info.IsDir() || isHidden(entry.Name()):
		case wanted(entry.Name()) && isScript(path, info):
			scripts = append(scripts, Script{Name: entry.Name(), Path: path})
		default:
			ignored = append(ignored, entry.Name())
		}
	}
	slices.SortFunc(scripts, func(a, b Script) int { return strings.Compare(a.Name, b.Name) })
	return scripts, ignored, nil
}

// isHidden tells hidden files and editors' backups, which nobody means to run.
func isHidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~")
}

// startsLikeProgram tells a script or program by its first bytes: lockers do
// not know executable bits.
func startsLikeProgram(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	start := make([]byte, 4)
	n, _ := io.ReadFull(file, start)
	return bytes.HasPrefix(start[:n], []byte("#!")) || bytes.Equal(start[:n], []byte("\x7fELF"))
}

// Digest tells one content of the script from another.
func (s Script) Digest() (string, error) {
	file, err := os.Open(s.Path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Matches tells whether a pattern means this script: path.Match on its name,
// or on PROJECT/SPEC/NAME. nil matches nothing and "" everything.
func (s Script) Matches(pattern *string) bool {
	if pattern == nil || *pattern == "" {
		return pattern != nil
	}
	for _, name := range []string{s.Name, s.Spec + "/" + s.Name, s.Project + "/" + s.Spec + "/" + s.Name} {
		if ok, _ := path.Match(*pattern, name); ok {
			return true
		}
	}
	return false
}
