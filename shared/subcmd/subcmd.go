// Package subcmd finds and lists the programs that a dispatcher starts as its
// subcommands, and names near a mistyped one.
package subcmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNotFound tells that no folder holds the program.
var ErrNotFound = errors.New("no such command")

// NotRunnableError tells that the program is there but cannot be run.
type NotRunnableError struct {
	Path string
	Err  error
}

func (e *NotRunnableError) Error() string { return fmt.Sprintf("cannot run %s: %v", e.Path, e.Err) }
func (e *NotRunnableError) Unwrap() error { return e.Err }

// Path is where subcommands are looked for.
type Path struct {
	Prefix  string   // of the programs' names, "jetpack-"
	Folders []string // absolute, the first one wins
}

// NewPath is the search path for programs named prefix-something: the folders
// of execPath, the folder of the dispatcher itself, the folders of path. The
// two lists are separated as $PATH is. Relative folders are left out: what
// they hold depends on where the caller stands.
func NewPath(prefix, execPath, self, path string) Path {
	p := Path{Prefix: prefix}
	folders := filepath.SplitList(execPath)
	if self != "" {
		folders = append(folders, filepath.Dir(self))
	}
	for _, folder := range append(folders, filepath.SplitList(path)...) {
		if folder = filepath.Clean(folder); filepath.IsAbs(folder) && !slices.Contains(p.Folders, folder) {
			p.Folders = append(p.Folders, folder)
		}
	}
	return p
}

// Find gives the path of the program for a subcommand. Where only programs
// that cannot be run are found, the error is a *NotRunnableError for the
// first; where none is found, ErrNotFound.
func (p Path) Find(name string) (string, error) {
	var found error = ErrNotFound
	if name == "" || strings.ContainsAny(name, `/\`) {
		return "", found
	}
	for _, folder := range p.Folders {
		for _, suffix := range suffixes {
			path := filepath.Join(folder, p.Prefix+name+suffix)
			err := runnable(path)
			if err == nil {
				return path, nil
			}
			if found == ErrNotFound && !errors.Is(err, os.ErrNotExist) {
				found = &NotRunnableError{path, err}
			}
		}
	}
	return "", found
}

// List gives the names of all subcommands that can be run, sorted.
func (p Path) List() []string {
	var names []string
	for _, folder := range p.Folders {
		entries, err := os.ReadDir(folder)
		if err != nil {
			continue // a folder of $PATH that is not there holds nothing
		}
		for _, entry := range entries {
			if name, ok := p.name(entry.Name()); ok && runnable(filepath.Join(folder, entry.Name())) == nil {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// name is the subcommand that a file is for.
func (p Path) name(file string) (string, bool) {
	name, ok := strings.CutPrefix(file, p.Prefix)
	for _, suffix := range suffixes {
		if cut, has := strings.CutSuffix(name, suffix); ok && has && cut != "" {
			return cut, true
		}
	}
	return "", false
}
