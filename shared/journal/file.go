// Package journal appends to files that many processes share and that never
// fill the disk: the node's log, and lines of any other kind.
package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"jetpack.internal/shared/lock"
)

// File is a file of lines, bounded by rotation: PATH, PATH.1, PATH.2, …
type File struct {
	Path  string
	Limit int64 // bytes; a file that would pass it is rotated away first
	Keep  int   // rotated files kept
	Sync  bool  // Append returns when the lines are on the disk
}

const (
	// patience bounds the wait for another process that is appending.
	patience = 5 * time.Second

	fileMode   fs.FileMode = 0o660
	folderMode fs.FileMode = 0o750
)

// Append adds lines, which end in a newline: whole, or (on a full disk) not
// at all. It makes the file, and its folder below the one that must exist.
func (f File) Append(ctx context.Context, lines []byte) error {
	held, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer held.Release()
	file, size, err := f.open(int64(len(lines)))
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(lines); err != nil {
		file.Truncate(size)
		return err
	}
	if f.Sync {
		return file.Sync()
	}
	return nil
}

// lock makes what is missing on the way.
func (f File) lock(ctx context.Context) (*lock.Lock, error) {
	path := filepath.Join(filepath.Dir(f.Path), "."+filepath.Base(f.Path)+".lock")
	if err := touch(path); errors.Is(err, fs.ErrNotExist) {
		if err := os.Mkdir(filepath.Dir(path), folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if err := touch(path); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	return lock.Acquire(ctx, path, patience)
}

// touch makes the lock file so that the folder's group can use it too.
func touch(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return err
	}
	return file.Close()
}

// open opens the file for appending more bytes, rotated if they would be too
// many. The line that a killed writer left torn is ended first.
func (f File) open(more int64) (*os.File, int64, error) {
	info, err := os.Stat(f.Path)
	if err == nil && info.Size() > 0 && info.Size()+more > f.Limit {
		err = f.rotate()
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, err
	}
	file, err := os.OpenFile(f.Path, os.O_RDWR|os.O_CREATE|os.O_APPEND, fileMode)
	if err != nil {
		return nil, 0, err
	}
	size, err := mend(file)
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, size, nil
}

func mend(file *os.File) (size int64, err error) {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return 0, err
	}
	last := make([]byte, 1)
	if _, err := file.ReadAt(last, info.Size()-1); err != nil {
		return 0, err
	}
	if last[0] == '\n' {
		return info.Size(), nil
	}
	_, err = file.Write([]byte("\n"))
	return info.Size() + 1, err
}

func (f File) rotate() error {
	name := func(n int) string { return fmt.Sprintf("%s.%d", f.Path, n) }
	for n := f.Keep - 1; n > 0; n-- {
		if err := os.Rename(name(n), name(n+1)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if f.Keep < 1 {
		return os.Remove(f.Path)
	}
	return os.Rename(f.Path, name(1))
}
