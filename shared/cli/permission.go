package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"jetpack.internal/shared/exit"
)

// permitted marks a refused right as what retrying cannot help, and adds which
// file it is about and whose group would help, unless the error has its own
// advice.
func permitted(err error) error {
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	err = exit.With(exit.Usage, err)
	var refused *fs.PathError
	if !errors.As(err, &refused) || len(exit.Hints(err)) > 0 {
		return err
	}
	path, info := existing(refused.Path)
	if info == nil {
		return err
	}
	if group := groupOf(info); group != "" && group != Superuser {
		return exit.Hint(err, "become %s, or a member of the group %s, to use %s", Superuser, group, path)
	}
	return exit.Hint(err, "become %s to use %s", Superuser, path)
}

// existing is path, or the nearest folder above it that is there.
func existing(path string) (string, fs.FileInfo) {
	for {
		info, err := os.Stat(path)
		if err == nil {
			return path, info
		}
		above := filepath.Dir(path)
		if above == path {
			return "", nil
		}
		path = above
	}
}
