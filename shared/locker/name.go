package locker

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

const maxDepth = 100 // folders within folders; a link to a parent ends here

// cleanPrefix is the folder that a prefix names, "." for the whole locker.
func cleanPrefix(prefix string) string { return path.Clean(strings.Trim(prefix, "/")) }

func join(dir, name string) string { return path.Join(dir, name) }

func depth(name string) int { return strings.Count(name, "/") }

// readDir is what a folder holds, in the order that the disk has it.
func readDir(root *os.Root, dir string) ([]fs.DirEntry, error) {
	file, err := root.Open(filepath.FromSlash(dir))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	entries, err := file.ReadDir(MaxBlobs + 1)
	if err != nil && err != io.EOF { // an empty folder
		return nil, err
	}
	if len(entries) > MaxBlobs {
		return nil, fmt.Errorf("%s holds more than %d files", dir, MaxBlobs)
	}
	return entries, nil
}
