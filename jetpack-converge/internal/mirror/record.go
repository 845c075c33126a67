package mirror

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/openfile"
)

// recordName is the file within a tree that tells what was laid out there. It
// is part of the tree, so that both change in the same instant.
const recordName = ".jetpack-sync.json"

const maxRecord = 256 << 20 // bytes

// record is what was laid out.
type record struct {
	Source string           `json:"source"`
	Boot   string           `json:"boot,omitempty"` // of the machine when it was laid out; "" once all is known to be on the disk
	Files  map[string]entry `json:"files"`
}

// doubtful tells that the machine was restarted since the tree was laid out.
// Nobody waited for the disk, so after a power cut a file may hold nothing
// although its size and time are right.
func (r record) doubtful() bool { return r.Boot != "" && r.Boot != boot.Now().Boot }

// entry tells a file as it was laid out from one that was changed since.
type entry struct {
	ETag string `json:"etag"`
	Size int64  `json:"size"`
	Time int64  `json:"time"` // modification, nanoseconds since 1970
}

// readRecord returns an empty record for a tree that has none, or a damaged
// one: everything is fetched anew then.
func readRecord(folder string) record {
	var r record
	if text, err := readBounded(filepath.Join(folder, recordName)); err == nil {
		if json.Unmarshal(text, &r) != nil {
			return record{}
		}
	}
	return r
}

func readBounded(path string) ([]byte, error) {
	file, err := openfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxRecord+1))
	if err == nil && len(text) > maxRecord {
		err = errors.New("too large")
	}
	return text, err
}

func (r record) write(folder string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, recordName), text, 0o644)
}

// Trust notes that all of a tree was found to be on the disk, so that its
// content is not read again after the next restart.
func Trust(plan Plan) error {
	r := readRecord(plan.Tree.Folder)
	r.Boot = ""
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(plan.Tree.Folder, recordName), text, 0o644)
}

// keeps tells whether the file at path is still as it was laid out for blob.
func (e entry) keeps(file File, info fs.FileInfo) bool {
	return info.Mode().IsRegular() && e.ETag == file.Blob.ETag &&
		e.Size == info.Size() && e.Size == file.Blob.Size &&
		e.Time == info.ModTime().UnixNano()
}

// Names is the set of files, as paths with slashes, that were laid out in
// folder from a locker; nil when nothing was.
func Names(folder string) map[string]bool {
	r := readRecord(folder)
	if r.Source == "" {
		return nil
	}
	names := make(map[string]bool, len(r.Files))
	for name := range r.Files {
		names[name] = true
	}
	return names
}
