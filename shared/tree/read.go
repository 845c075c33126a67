package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"jetpack.internal/shared/exit"
)

// maxSize bounds a file: a node's real tree has some hundred kilobytes, and
// some megabytes with every attribute of a large Chef run.
const maxSize = 64 << 20

// Read reads and checks a file as Parse does. fs.ErrNotExist and
// fs.ErrPermission are kept; every error but the first is marked exit.Usage.
func Read(path string) (Document, error) {
	text, err := load(path)
	if err != nil {
		return Document{}, err
	}
	return Parse(path, text)
}

// Lookup reads and checks a file and finds a dotted key in it, all in one
// pass and decoding nothing: the fast way to a single key. A tree is an object:
// any other JSON is an error.
func Lookup(path, key string) (Element, Outcome, error) {
	text, err := load(path)
	if err != nil {
		return Element{}, Missing, err
	}
	e, outcome, err := lookup(path, text, key)
	if err == nil && !isObject(text) {
		return Element{}, Missing, exit.Errorf(exit.Usage, "%s holds no JSON object", path)
	}
	return e, outcome, err
}

func isObject(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(text, space+"\ufeff"), []byte{'{'})
}

func lookup(name string, text []byte, key string) (Element, Outcome, error) {
	s := newScanner(text, key, true)
	at, ok := s.document()
	if !ok {
		return Element{}, Missing, s.problem(name)
	}
	e, outcome := s.element(at)
	return e, outcome, nil
}

// load reads a regular file. What is no regular file could hang the reader (a
// pipe) or never end (a device), so it is refused before it is opened.
func load(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, mark(err)
	}
	if !info.Mode().IsRegular() {
		return nil, exit.Errorf(exit.Usage, "%s is not a regular file", path)
	}
	if info.Size() > maxSize {
		return nil, tooLarge(path)
	}
	file, err := open(path)
	if err != nil {
		return nil, mark(err)
	}
	defer file.Close()
	text, err := readAll(file, int(info.Size()))
	if err != nil {
		return nil, mark(err)
	}
	if len(text) > maxSize {
		return nil, tooLarge(path)
	}
	return text, nil
}

// readAll reads a file whose size is known unless it is replaced meanwhile.
// The one byte more than expected lets the end show without a second buffer.
func readAll(file *os.File, size int) ([]byte, error) {
	text := make([]byte, 0, size+1)
	for {
		n, err := file.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		if err == io.EOF || len(text) > maxSize {
			return text, nil
		}
		if err != nil {
			return nil, err
		}
		if len(text) == cap(text) {
			text = append(text, 0)[:len(text)]
		}
	}
}

func tooLarge(path string) error {
	return exit.Errorf(exit.Usage, "%s is larger than %d MiB", path, maxSize>>20)
}

// mark tells a file that is not there yet from one that cannot be read. A
// parent that is no folder counts as not there: the home is not installed.
func mark(err error) error {
	if errors.Is(err, syscall.ENOTDIR) {
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return exit.With(exit.Usage, err)
}
