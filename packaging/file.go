package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
)

// file is something that a package installs.
type file struct {
	path   string // absolute, on the installed system
	mode   fs.FileMode
	data   []byte // of a file
	from   string // of a file whose content is not in data: where it is now
	link   string // of a symbolic link: where it leads
	group  string // "" is root
	folder bool
	config bool // the administrator's once it is installed
}

// content is nfpm's entry for a file.
type content struct {
	Source string   `json:"src,omitempty"`
	Path   string   `json:"dst"`
	Type   string   `json:"type,omitempty"`
	Info   fileInfo `json:"file_info"`
}

type fileInfo struct {
	Mode  fs.FileMode `json:"mode,omitempty"`
	Owner string      `json:"owner"`
	Group string      `json:"group"`
}

// entry is nfpm's entry for the file. Data is written into the folder scratch.
func (f file) entry(scratch string) (content, error) {
	c := content{Source: f.from, Path: f.path, Info: fileInfo{Mode: f.mode, Owner: "root", Group: "root"}}
	if f.group != "" {
		c.Info.Group = f.group
	}
	switch {
	case f.folder:
		c.Type = "dir"
	case f.link != "":
		c.Type, c.Source, c.Info.Mode = "symlink", f.link, 0
	case f.config:
		c.Type = "config|noreplace"
	}
	if f.data == nil {
		return c, nil
	}
	c.Source = filepath.Join(scratch, f.path)
	if err := os.MkdirAll(filepath.Dir(c.Source), 0o755); err != nil {
		return c, err
	}
	return c, os.WriteFile(c.Source, f.data, 0o644)
}

// read gives the content of a file.
func (f file) read() ([]byte, error) {
	if f.from != "" {
		return os.ReadFile(f.from)
	}
	return f.data, nil
}

// writeJSON writes a manifest: JSON is YAML, which nfpm reads.
func writeJSON(path string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
