package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/windows"
)

// patience bounds how long replace waits for readers that hold the old file
// open without sharing its deletion. Ours share it (package openfile).
const patience = 2 * time.Second

func replace(path string, data []byte, mode fs.FileMode) (err error) {
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer root.Close()
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path))
	if err != nil {
		return err
	}
	made, name := filepath.Base(file.Name()), filepath.Base(path)
	defer func() {
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Chmod(file.Name(), mode)
	}
	if err == nil {
		err = rename(root, made, name)
	}
	if err == nil {
		err = settle(root, name)
	}
	return err
}

// rename replaces one file of the root by another: with POSIX semantics, where
// the disk knows them, so that readers that share the deletion are no
// hindrance. Other readers are waited for.
func rename(root *os.Root, from, to string) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err := root.Rename(from, to)
		held := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if !held || time.Now().After(deadline) {
			return err
		}
	}
}

// settle has the disk keep the new name: to flush a file flushes the log that
// its renaming is in. A read-only file cannot be flushed.
func settle(root *os.Root, name string) error {
	file, err := root.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil // replaced by somebody else by now, or read-only
		}
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// SyncFolder does nothing on Windows, where a folder cannot be synced.
func SyncFolder(string) error { return nil }
