package locker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// folder is a locker that is a folder of this machine or of a shared disk.
type folder struct{ dir string }

func openFolder(u *url.URL) (Locker, error) {
	if u.Host != "" && u.Host != "localhost" {
		return nil, fmt.Errorf("%w: a file:// URL names no machine: write file:///folder", ErrInvalid)
	}
	dir := fileURLPath(u.Path)
	if !filepath.IsAbs(dir) {
		return nil, fmt.Errorf("%w: a file:// URL needs an absolute folder, not %q", ErrInvalid, dir)
	}
	return folder{filepath.Clean(dir)}, nil
}

func (f folder) Address(name string) string {
	path := filepath.ToSlash(filepath.Join(f.dir, filepath.FromSlash(name)))
	return (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(path, "/")}).String()
}

func (f folder) List(ctx context.Context, prefix string, visit func(Blob) error) error {
	if info, err := os.Stat(f.dir); err != nil || !info.IsDir() {
		return fmt.Errorf("%w: %s is not a folder", ErrMissing, f.dir)
	}
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	err = f.walk(ctx, root, cleanPrefix(prefix), visit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// walk visits the files below a folder. Links are followed as long as they
// stay within the locker: a project may share files between its specs.
func (f folder) walk(ctx context.Context, root *os.Root, dir string, visit func(Blob) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if depth(dir) > maxDepth {
		return fmt.Errorf("the folders below %q are nested deeper than %d", f.Address(""), maxDepth)
	}
	entries, err := readDir(root, dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := f.visit(ctx, root, join(dir, entry.Name()), entry, visit); err != nil {
			return err
		}
	}
	return nil
}

func (f folder) visit(ctx context.Context, root *os.Root, name string, entry fs.DirEntry, visit func(Blob) error) error {
	info, err := stat(root, name, entry)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil // removed meanwhile, or a dangling link
	case err != nil:
		return err
	case info.IsDir():
		return f.walk(ctx, root, name, visit)
	case info.Mode().IsRegular():
		return visit(fileBlob(name, info))
	}
	return nil
}

// stat follows a link, but not out of the locker. Anything else needs none of
// the steps from folder to folder that this takes.
func stat(root *os.Root, name string, entry fs.DirEntry) (fs.FileInfo, error) {
	if entry.Type()&fs.ModeSymlink != 0 {
		return root.Stat(filepath.FromSlash(name))
	}
	return entry.Info()
}

func (f folder) Find(_ context.Context, name string) (Blob, error) {
	root, err := os.OpenRoot(f.dir)
	if err != nil {
		return Blob{}, fmt.Errorf("%w: %s is not a folder", ErrMissing, f.dir)
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(name))
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular():
		return Blob{}, fmt.Errorf("%w: %s", ErrMissing, f.Address(name))
	case err != nil:
		return Blob{}, err
	}
	return fileBlob(name, info), nil
}

func fileBlob(name string, info fs.FileInfo) Blob {
	return Blob{
		Name:       name,
		Size:       info.Size(),
		ETag:       fmt.Sprintf("%x-%x-%s", info.Size(), info.ModTime().UnixNano(), generation(info)),
		Modified:   info.ModTime(),
		Executable: info.Mode()&0o111 != 0,
	}
}

func (f folder) Open(_ context.Context, blob Blob, offset int64) (io.ReadCloser, error) {
	file, err := os.OpenInRoot(f.dir, filepath.FromSlash(blob.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrMissing, f.Address(blob.Name))
	}
	if err != nil {
		return nil, err
	}
	reader, err := f.check(file, blob, offset)
	if err != nil {
		file.Close()
		return nil, err
	}
	return reader, nil
}

func (f folder) check(file *os.File, blob Blob, offset int64) (io.ReadCloser, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if fileBlob(blob.Name, info).ETag != blob.ETag {
		return nil, fmt.Errorf("%w: %s", ErrChanged, f.Address(blob.Name))
	}
	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return nil, err
	}
	return file, nil
}
