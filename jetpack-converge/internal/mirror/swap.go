package mirror

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Swap puts the tree that Build made into its place, in one step where the
// system can, and clears the staging folder. It does not wait for the disk: the
// record tells the boot, and the first converge of the next one reads what the
// files hold before any script sees them.
func Swap(tree *Tree) error {
	if err := os.MkdirAll(filepath.Dir(tree.Folder), 0o755); err != nil {
		return err
	}
	err := os.Rename(tree.staged(), tree.Folder)
	if err != nil && present(tree.Folder) {
		err = exchange(tree.staged(), tree.Folder)
		if errors.Is(err, errors.ErrUnsupported) {
			err = replace(tree)
		}
	}
	if err != nil {
		return err
	}
	return Clear(tree)
}

// replace is exchange in two steps; Recover mends a crash between them.
func replace(tree *Tree) error {
	if err := os.RemoveAll(tree.behind()); err != nil {
		return err
	}
	if err := os.Rename(tree.Folder, tree.behind()); err != nil {
		return err
	}
	return os.Rename(tree.staged(), tree.Folder)
}

// Recover brings back a tree that a crash left between the two steps of its
// replacement: the new one when it is complete, else the old one.
func Recover(tree *Tree) error {
	if present(tree.Folder) || !present(tree.behind()) {
		return nil
	}
	if present(filepath.Join(tree.staged(), recordName)) {
		return os.Rename(tree.staged(), tree.Folder)
	}
	return os.Rename(tree.behind(), tree.Folder)
}

// Clear removes the staging folder and its empty parents.
func Clear(tree *Tree) error {
	if err := os.RemoveAll(tree.Staging); err != nil {
		return err
	}
	project := filepath.Dir(tree.Staging)
	_, _ = os.Remove(project), os.Remove(filepath.Dir(project)) // another spec may still need them
	return nil
}

func present(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
