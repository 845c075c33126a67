package mirror

import (
	"errors"
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxPath    = 1024 // characters; what Azure allows a blob
	maxElement = 255  // bytes; what file systems allow a name
)

// CheckPath tells why a blob's name cannot be a file below a tree's folder,
// or nil.
func CheckPath(name string) error {
	switch {
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("it has characters that a file name cannot have")
	case strings.ContainsRune(name, '\\'):
		return errors.New(`it holds a \, which is a folder's border on some systems`)
	case utf8.RuneCountInString(name) > maxPath:
		return errors.New("it is too long")
	case name == "." || path.Clean(name) != name || !filepath.IsLocal(filepath.FromSlash(name)):
		return errors.New("it is not a plain path below the folder")
	case name == recordName || strings.HasPrefix(name, recordName+"/"):
		return errors.New("that name is reserved")
	}
	for element := range strings.SplitSeq(name, "/") {
		if len(element) > maxElement {
			return errors.New("a part of it is too long for a file name")
		}
	}
	return nil
}
