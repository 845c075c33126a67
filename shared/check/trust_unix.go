//go:build !windows

package check

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Trusted gives the file that path leads to, all links resolved, if nobody but
// root and the user we run as could change it or put another in its place: the
// file, every folder above it and every link on the way are owned by the two
// and writable by nobody else. In a sticky folder such as /tmp others may make
// files, but not touch those of others. As no one else can change a thing on
// the way, the file that was looked at is the file that runs. Otherwise the
// error is an *UntrustedError, or that of the file system.
func Trusted(path string) (string, error) {
	if !filepath.IsAbs(path) {
		return "", fmt.Errorf("not run: %q is not an absolute path", path)
	}
	w := walk{at: "/", rest: parts(path), self: os.Geteuid()}
	if _, err := w.look("/"); err != nil {
		return "", err
	}
	for len(w.rest) > 0 {
		if err := w.step(); err != nil {
			return "", err
		}
	}
	if !w.file {
		return "", fmt.Errorf("not run: %q is not a file", path)
	}
	return w.at, nil
}

// walk goes down a path, one name at a time.
type walk struct {
	at    string   // where it stands, without a link in it
	rest  []string // the names still to go
	self  int
	links int
	file  bool // it stands on a regular file
}

func parts(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

func (w *walk) step() error {
	name := w.rest[0]
	w.rest = w.rest[1:]
	if name == "." {
		return nil
	}
	if name == ".." {
		w.at = filepath.Dir(w.at) // no links in it, so this is the parent
		return nil
	}
	next := filepath.Join(w.at, name)
	info, err := w.look(next)
	if err != nil {
		return err
	}
	if info.Mode()&fs.ModeSymlink == 0 {
		w.at, w.file = next, info.Mode().IsRegular()
		return nil
	}
	return w.follow(next)
}

func (w *walk) follow(link string) error {
	if w.links++; w.links > maxLinks {
		return fmt.Errorf("not run: %q: too many links", link)
	}
	target, err := os.Readlink(link)
	if err != nil {
		return fmt.Errorf("not run: %w", err)
	}
	if filepath.IsAbs(target) {
		w.at = "/"
	}
	w.rest = append(parts(target), w.rest...)
	return nil
}

// look inspects what is at path.
func (w *walk) look(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, fmt.Errorf("not run: %w", err)
	}
	if why := w.distrust(info); why != "" {
		return nil, &UntrustedError{path, why}
	}
	return info, nil
}

// distrust tells who else could change the thing, "" if nobody.
func (w *walk) distrust(info fs.FileInfo) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "its owner cannot be told"
	}
	mode := info.Mode()
	switch {
	case stat.Uid != 0 && int(stat.Uid) != w.self:
		return fmt.Sprintf("it is owned by user %d", stat.Uid)
	case mode&fs.ModeSymlink != 0 || mode.IsDir() && mode&fs.ModeSticky != 0:
		return ""
	case mode&0o002 != 0:
		return "everyone may write to it"
	case mode&0o020 != 0 && !ownGroup(int(stat.Gid), w.self):
		return fmt.Sprintf("its group %d may write to it", stat.Gid)
	}
	return ""
}
