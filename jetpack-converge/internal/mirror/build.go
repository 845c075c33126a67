package mirror

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"jetpack.internal/shared/boot"
)

// Build puts the new tree together beside the old one: from what was fetched,
// what is kept, and what scripts have made in the old one.
func Build(plan Plan) error {
	b := builder{tree: plan.Tree, root: plan.Tree.staged(), made: map[string]bool{}, record: record{Source: plan.Tree.Source, Boot: boot.Now().Boot, Files: map[string]entry{}}}
	if err := os.RemoveAll(b.root); err != nil {
		return err
	}
	if err := b.folder("."); err != nil {
		return err
	}
	for _, file := range plan.Fetch {
		if err := b.lay(file, job{plan.Tree, file}.whole()); err != nil {
			return err
		}
	}
	for _, file := range plan.Keep {
		if err := b.lay(file, plan.Tree.Path(file.Path)); err != nil {
			return err
		}
	}
	if err := b.carry(); err != nil {
		return err
	}
	return b.record.write(b.root)
}

type builder struct {
	tree   *Tree
	root   string
	made   map[string]bool // folders
	record record
}

func (b *builder) path(name string) string { return filepath.Join(b.root, filepath.FromSlash(name)) }

// folder makes a folder with its parents, open to readers whatever the umask.
func (b *builder) folder(name string) error {
	if b.made[name] {
		return nil
	}
	if parent := path.Dir(name); name != "." {
		if err := b.folder(parent); err != nil {
			return err
		}
	}
	b.made[name] = true
	if err := os.MkdirAll(b.path(name), 0o755); err != nil {
		return err
	}
	return os.Chmod(b.path(name), 0o755)
}

func (b *builder) lay(file File, from string) error {
	if err := b.folder(path.Dir(file.Path)); err != nil {
		return err
	}
	to := b.path(file.Path)
	if err := link(from, to); err != nil {
		return err
	}
	if err := os.Chmod(to, file.Mode); err != nil {
		return err
	}
	info, err := os.Lstat(to)
	if err != nil {
		return err
	}
	b.record.Files[file.Path] = entry{ETag: file.Blob.ETag, Size: info.Size(), Time: info.ModTime().UnixNano()}
	return nil
}

// link gives from a second name, or copies it where the disk has no links.
func link(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
		return err
	}
	return duplicate(from, to)
}

func duplicate(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
