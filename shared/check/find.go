package check

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// File is a health check on the disk.
type File struct {
	Name    string // the file's name
	Path    string
	Problem string // why it cannot be run whatever it holds; "" if nothing
}

// maxFiles bounds what one folder may hold.
const maxFiles = 10_000

// Find lists the checks of a folder in lexicographic order: the files that
// this system can run, without hidden ones, backups and folders. A symbolic
// link counts as what it leads to, and as a problem where it leads nowhere. A
// folder that is missing has no checks.
func Find(dir string) ([]File, error) {
	folder, err := os.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the health checks: %w", err)
	}
	folder.Close()
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot read the health checks: %w", err)
	}
	if len(entries) > maxFiles {
		return nil, fmt.Errorf("cannot read the health checks: %s holds more than %d files", dir, maxFiles)
	}
	var files []File
	for _, entry := range entries {
		if file, ok := consider(dir, entry); ok {
			files = append(files, file)
		}
	}
	return files, nil
}

func consider(dir string, entry fs.DirEntry) (File, bool) {
	file := File{Name: entry.Name(), Path: filepath.Join(dir, entry.Name())}
	if isBackup(file.Name) || entry.IsDir() {
		return file, false
	}
	info, err := os.Stat(file.Path)
	switch {
	case err == nil:
		return file, info.Mode().IsRegular() && isRunnable(file.Name, info.Mode())
	case errors.Is(err, fs.ErrNotExist) && entry.Type()&fs.ModeSymlink == 0:
		return file, false // gone since the folder was read
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ELOOP):
		file.Problem = "a symbolic link that leads nowhere"
	default:
		file.Problem = fmt.Sprintf("not run: %v", err)
	}
	return file, true
}

// leavings end the names of files that editors and package managers keep
// beside the real one, and of those that an administrator has put away.
var leavings = [...]string{
	"~", "#", ".bak", ".orig", ".rej", ".old", ".save", ".swp", ".swo", ".tmp", ".disabled",
	".dpkg-old", ".dpkg-dist", ".dpkg-new", ".dpkg-tmp", ".dpkg-bak", ".ucf-old", ".ucf-dist", ".ucf-new",
	".rpmsave", ".rpmnew", ".rpmorig",
}

func isBackup(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") {
		return true
	}
	for _, end := range leavings {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
