// Package mirror brings folders of this machine to what a locker holds: each
// whole or not at all, fetching only what changed.
package mirror

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jetpack.internal/shared/locker"
)

// File is one file that a tree is to have.
type File struct {
	Path   string      // below the tree's folder, with slashes; checked by Add
	Mode   fs.FileMode // permissions
	Blob   locker.Blob
	SHA256 []byte // digest of the content where a manifest tells it, else nil
}

// Tree is one folder and what it is to hold.
type Tree struct {
	Locker  locker.Locker
	Source  string // address of what is mirrored: another source means other content
	Folder  string // the folder that scripts see
	Staging string // a folder of this tree alone, on the same disk as Folder
	files   map[string]File
	folded  map[string]string // path with its letters folded: the path
}

// Add puts a file into the tree, refusing names that could leave the folder
// or hide another file.
func (t *Tree) Add(file File) error { return t.add(file, folds) }

func (t *Tree) add(file File, folds bool) error {
	if err := CheckPath(file.Path); err != nil {
		return fmt.Errorf("cannot lay out %q: %w", file.Path, err)
	}
	if t.files == nil {
		t.files, t.folded = map[string]File{}, map[string]string{}
	}
	key := file.Path
	if folds {
		key = strings.ToLower(key)
	}
	if other, taken := t.folded[key]; taken {
		return fmt.Errorf("cannot lay out %q: %q has the same name here", file.Path, other)
	}
	t.files[file.Path], t.folded[key] = file, file.Path
	return nil
}

// Len is the number of files that the tree is to have.
func (t *Tree) Len() int { return len(t.files) }

// Path is where a file of the tree lies on this machine.
func (t *Tree) Path(name string) string { return filepath.Join(t.Folder, filepath.FromSlash(name)) }

// The folders below Staging.
func (t *Tree) parts() string  { return filepath.Join(t.Staging, "parts") }  // downloads, whole and not
func (t *Tree) staged() string { return filepath.Join(t.Staging, "tree") }   // the new tree while it grows
func (t *Tree) behind() string { return filepath.Join(t.Staging, "behind") } // the old tree, where two cannot be exchanged at once

// stage makes the staging folder, closed to others: half a file is nobody's
// business. The folders above it are open.
func (t *Tree) stage() error {
	if err := os.MkdirAll(filepath.Dir(t.Staging), 0o755); err != nil {
		return err
	}
	return os.MkdirAll(t.parts(), 0o700)
}
