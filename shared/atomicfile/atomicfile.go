// Package atomicfile writes a file whole or not at all, durably.
package atomicfile

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// Write replaces the file at path by data. A reader, a crash and a power cut
// see the old file or the new one, never a mixture; after a nil error the new
// one is on the disk together with its name in the folder.
//
// The mode is exact, whatever the umask, from the file's first moment on. The
// group is the one the folder hands down (its setgid bit). The folder must
// exist. Where the path is a symbolic link, the file it leads to is replaced.
func Write(path string, data []byte, mode fs.FileMode) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if err := replace(path, data, mode); err != nil {
		return &fs.PathError{Op: "cannot write", Path: path, Err: cause(err)}
	}
	return nil
}

// cause drops the temporary file's name, which means nothing to the reader.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
