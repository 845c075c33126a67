package mirror

import (
	"bytes"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Doubt looks at a tree without its locker. It tells whether the machine was
// restarted since the tree was laid out, and which of its files a power cut has
// evidently damaged then: files that had a content and are empty now, and
// programs and texts that begin with zeros. Digests are the locker's, so
// that what else may be wrong is not seen.
func Doubt(folder string) (doubtful bool, damaged []string) {
	r := readRecord(folder)
	if !r.doubtful() {
		return false, nil
	}
	for _, name := range slices.Sorted(maps.Keys(r.Files)) {
		at := filepath.Join(folder, filepath.FromSlash(name))
		info, err := os.Lstat(at)
		if err != nil || !info.Mode().IsRegular() || r.Files[name].Size == 0 {
			continue
		}
		if info.Size() == 0 || isText(name) && isZeros(at, info) {
			damaged = append(damaged, name)
		}
	}
	return true, damaged
}

// isText tells the files that are something else than zeros for certain.
func isText(name string) bool {
	return strings.HasPrefix(name, "scripts/") || slices.Contains([]string{".sh", ".rb", ".json", ".erb", ".py"}, path.Ext(name))
}

// isZeros tells whether the first 4 KiB of the file, or all of it where it is
// shorter, are zeros. What cannot be read is left
// to whoever needs it.
func isZeros(at string, info fs.FileInfo) bool {
	file, err := os.Open(at)
	if err != nil {
		return false
	}
	defer file.Close()
	start := make([]byte, min(info.Size(), 4096))
	if _, err := io.ReadFull(file, start); err != nil {
		return false
	}
	return len(bytes.Trim(start, "\x00")) == 0
}
