//go:build !linux

package mirror

import (
	"io/fs"
	"os"
	"path/filepath"
)

// settle waits until what was written is on the disk.
func settle(folder string) error {
	return filepath.WalkDir(folder, func(at string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		file, err := os.OpenFile(at, os.O_RDWR, 0)
		if err != nil {
			return nil // read-only: it was there before
		}
		defer file.Close()
		return file.Sync()
	})
}
