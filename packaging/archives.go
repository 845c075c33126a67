package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// archives makes the archives with installers. Below their one folder, home/
// is what goes into a node's home, and system/ what goes elsewhere.
func (r *release) archives() error {
	for _, system := range r.systems {
		content, pack, suffix := r.tarball, r.tar, ".tar.gz"
		if strings.HasPrefix(system, "windows-") {
			content, pack, suffix = r.windows, r.zip, ".zip"
		}
		files, err := content(system)
		if err != nil {
			return err
		}
		name := "jetpack-" + r.version() + "-" + system
		if err := r.archive(name+suffix, name, files, pack); err != nil {
			return err
		}
	}
	return nil
}

// archive completes the files by their checksums and packs them below folder.
func (r *release) archive(name, folder string, files []file, pack func([]file) ([]byte, error)) error {
	files = append(files, file{path: "SHA256SUMS", mode: 0o644, data: nil})
	var sums strings.Builder
	for i := range files {
		data, err := files[i].read()
		if err != nil {
			return err
		}
		files[i].data = data
		if files[i].link == "" && files[i].path != "SHA256SUMS" {
			fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), files[i].path)
		}
	}
	files[len(files)-1].data = []byte(sums.String())
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.path, b.path) })
	for i := range files {
		files[i].path = folder + "/" + files[i].path
	}
	packed, err := pack(files)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.out, name), packed, 0o644)
}

func (r *release) tar(files []file) ([]byte, error) {
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range files {
		header := &tar.Header{Name: f.path, Mode: int64(f.mode), Size: int64(len(f.data)), ModTime: r.date, Format: tar.FormatUSTAR, Uname: "root", Gname: "root"}
		if f.link != "" {
			header.Typeflag, header.Linkname, header.Mode = tar.TypeSymlink, f.link, 0o777
		}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return compressed(out.Bytes()), err
}

func (r *release) zip(files []file) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.path, Method: zip.Deflate, Modified: r.date.UTC()}
		header.SetMode(f.mode)
		entry, err := w.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}

// checksums writes SHA256SUMS for all files of a folder.
func checksums(folder string) error {
	entries, err := os.ReadDir(folder) // sorted
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, entry := range entries {
		data, err := fs.ReadFile(os.DirFS(folder), entry.Name())
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), entry.Name())
	}
	return os.WriteFile(filepath.Join(folder, "SHA256SUMS"), []byte(sums.String()), 0o644)
}
