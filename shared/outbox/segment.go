package outbox

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// segment is one file of the box. It is named by the number of its first
// record, so the names sort in order and their difference counts records.
type segment struct {
	first int
	size  int64
}

const suffix = ".jsonl"

func (s segment) name() string { return fmt.Sprintf("%012d%s", s.first, suffix) }

// segments lists the files of the box in order. A box that is not there holds none.
func segments(dir string) ([]segment, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []segment
	for _, entry := range entries {
		first, err := strconv.Atoi(strings.TrimSuffix(entry.Name(), suffix))
		if s := (segment{first: first}); err != nil || entry.Name() != s.name() {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, segment{first, info.Size()})
	}
	return all, nil
}

// usage is what a list of segments holds. The last one is still growing: its
// lines have to be counted.
type usage struct {
	bytes int64
	count int
	next  int  // the number of the next record
	torn  bool // the last record has no newline: its writer died
}

func use(dir string, all []segment) (usage, error) {
	if len(all) == 0 {
		return usage{next: 1}, nil
	}
	var u usage
	for _, s := range all {
		u.bytes += s.size
	}
	last := all[len(all)-1]
	data, err := read(dir, last)
	if err != nil {
		return usage{}, err
	}
	lines := bytes.Count(data, []byte("\n"))
	if u.torn = len(data) > 0 && data[len(data)-1] != '\n'; u.torn {
		lines++
	}
	u.next = last.first + max(lines, 1)
	u.count = u.next - all[0].first
	return u, nil
}

func read(dir string, s segment) ([]byte, error) {
	file, err := os.Open(filepath.Join(dir, s.name()))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data := make([]byte, s.size)
	n, err := file.ReadAt(data, 0)
	if n == len(data) {
		err = nil
	}
	return data[:n], err
}
