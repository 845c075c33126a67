package openfile

import (
	"os"
	"path/filepath"
)

// Open is os.Open that keeps nobody from replacing or removing the file: what
// is opened in a root is opened with FILE_SHARE_DELETE. A link that leads out
// of its folder is followed as ever.
func Open(path string) (*os.File, error) {
	if file, err := os.OpenInRoot(filepath.Split(filepath.Clean(path))); err == nil {
		return file, nil
	}
	return os.Open(path) // its error is the one that callers know
}
