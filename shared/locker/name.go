package locker

import (
	"fmt"
	"io"
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

// readDir is the names in a folder, in the order that the disk has them.
func readDir(root *os.Root, dir string) ([]string, error) {
	file, err := root.Open(filepath.FromSlash(dir))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	names, err := file.Readdirnames(MaxBlobs + 1)
	if err != nil && err != io.EOF { // an empty folder
		return nil, err
	}
	if len(names) > MaxBlobs {
		return nil, fmt.Errorf("%s holds more than %d files", dir, MaxBlobs)
	}
	return names, nil
}
