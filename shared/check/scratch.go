package check

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// scratch are the working folders of checks that have ended and left them as
// they were: good for the next ones. To make and remove a folder for each
// check costs more than some checks do.
type scratch struct {
	mu    sync.Mutex
	spare []workFolder
}

// workFolder is an empty working folder.
type workFolder struct {
	path string
	made looks // as it looked then
}

// lend gives an empty folder below dir.
func (s *scratch) lend(dir string) (workFolder, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for last := len(s.spare) - 1; last >= 0; last-- {
		f := s.spare[last]
		s.spare = s.spare[:last]
		if look(f.path) == f.made {
			return f, nil
		}
		discard(f.path) // somebody has tidied up meanwhile
	}
	path, err := makeFolder(dir)
	if err != nil {
		return workFolder{}, err
	}
	return workFolder{path, look(path)}, nil
}

// makeFolder makes an empty folder below dir, which may have been removed; or
// somewhere else where that can not be written to. A disk that is full or was
// made read-only is what checks are there to find.
func makeFolder(dir string) (string, error) {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		dir = os.TempDir()
	}
	path, err := os.MkdirTemp(dir, "check-")
	for _, other := range []string{os.TempDir(), "/run", "/dev/shm"} {
		if err == nil {
			break
		}
		if made, failed := os.MkdirTemp(other, "check-"); failed == nil {
			return made, nil
		}
	}
	return path, err
}

// takeBack keeps a folder for the next check, or removes it if anything is in
// it or was done to it.
func (s *scratch) takeBack(f workFolder) {
	if f.made == (looks{}) || look(f.path) != f.made {
		discard(f.path)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spare = append(s.spare, f)
}

// remove removes the folders that are kept.
func (s *scratch) remove() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.spare {
		discard(f.path)
	}
	s.spare = nil
}

// discard removes a working folder, whatever the check has made of it.
func discard(dir string) {
	if os.RemoveAll(dir) == nil {
		return
	}
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		// A folder that cannot be read comes a second time, with the error.
		if entry != nil && entry.IsDir() && err == nil {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
	_ = os.RemoveAll(dir)
}
