package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"jetpack.internal/packaging/man"
)

// release is what all packages of one build share.
type release struct {
	source   string // the repository's root
	binaries string // holds SYSTEM-ARCH/PROGRAM
	out      string // where the packages go
	nfpm     string // the program that writes deb and rpm
	level    string // of the interface, MAJOR.MINOR.PATCH
	build    string // number of the build
	date     time.Time
	systems  []string // SYSTEM-ARCH
	formats  []string // deb, rpm, archive
	modules  string   // Go's module cache, for the licences
	toolkit  string   // GOROOT, for that of Go itself
}

func (r *release) version() string { return r.level + "-" + r.build }

func (r *release) binary(system, program string) string {
	if system == "windows-amd64" {
		program += ".exe"
	}
	return filepath.Join(r.binaries, system, program)
}

var levelLine = regexp.MustCompile(`(?m)^const Interface = "([0-9.]+)"$`)

// readLevel takes the interface's level from where the programs have it.
func (r *release) readLevel() error {
	text, err := os.ReadFile(filepath.Join(r.source, "shared", "version", "version.go"))
	if err != nil {
		return err
	}
	m := levelLine.FindSubmatch(text)
	if m == nil {
		return fmt.Errorf("cannot find the interface's level in shared/version")
	}
	r.level = string(m[1])
	return nil
}

func (r *release) readme(program string) (string, error) {
	text, err := os.ReadFile(filepath.Join(r.source, program, "README.md"))
	return string(text), err
}

// page is the man page of a program, and where below a man folder it goes.
func (r *release) page(program string) (path string, source []byte, err error) {
	text, err := r.readme(program)
	if err != nil {
		return "", nil, err
	}
	section := man.Section(program)
	return "man" + section + "/" + program + "." + section, []byte(man.Page(program, r.version(), text, r.date)), nil
}

// compressed is gzip without a name or time, and so the same each time.
func compressed(data []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid
	w.Write(data)                                           // into memory
	w.Close()
	return out.Bytes()
}
