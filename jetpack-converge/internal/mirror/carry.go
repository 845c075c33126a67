package mirror

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// carry takes over what no locker ever laid out: what scripts have written
// into their spec's folder, since scripts that succeeded do not run again.
func (b *builder) carry() error {
	old := laidOut(readRecord(b.tree.Folder))
	err := filepath.WalkDir(b.tree.Folder, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		local, err := filepath.Rel(b.tree.Folder, at)
		if err != nil {
			return err
		}
		if name := filepath.ToSlash(local); !old[name] {
			return b.adopt(name, at, d)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil // there is no old tree, or a daemon tidies up in it just now
	}
	return err
}

// laidOut is the set of files and folders that came from a locker.
func laidOut(old record) map[string]bool {
	names := map[string]bool{".": true, recordName: true}
	for name := range old.Files {
		for ; !names[name]; name = path.Dir(name) {
			names[name] = true
		}
	}
	return names
}

// adopt takes over one entry, unless the new tree has something in its place.
func (b *builder) adopt(name, at string, d fs.DirEntry) error {
	if _, err := os.Lstat(b.path(name)); err == nil || !b.canHold(path.Dir(name)) {
		return nil
	}
	switch {
	case d.IsDir():
		return b.adoptFolder(name, at)
	case d.Type()&fs.ModeSymlink != 0:
		target, err := os.Readlink(at)
		if err != nil {
			return err
		}
		return os.Symlink(target, b.path(name))
	case d.Type().IsRegular():
		return link(at, b.path(name))
	}
	return nil // pipes and sockets are made anew by whoever needs them
}

func (b *builder) adoptFolder(name, at string) error {
	info, err := os.Stat(at)
	if err != nil {
		return err
	}
	if err := os.Mkdir(b.path(name), 0o700); err != nil {
		return err
	}
	return os.Chmod(b.path(name), info.Mode().Perm())
}

// canHold makes the folder, unless the new tree has a file in its place.
func (b *builder) canHold(folder string) bool { return b.folder(folder) == nil }
