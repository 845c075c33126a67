package main

import (
	"os"
	"path"
	"path/filepath"
	"strings"
)

// tarball is the content of the archive for a Linux system. Files below
// system/ have @HOME@ where the installer puts the node's home.
func (r *release) tarball(system string) ([]file, error) {
	files, err := r.homeFiles(system)
	if err != nil {
		return nil, err
	}
	completions, err := r.completions("home/share/bash-completion/completions/", "home/share/zsh/site-functions/", "home/share/fish/vendor_completions.d/")
	if err != nil {
		return nil, err
	}
	files = append(files, completions...)
	for _, p := range programs {
		name, source, err := r.page(p.name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{path: "home/share/man/" + name, mode: 0o644, data: source})
	}
	files = append(files, file{path: "home/bin/healthcheck", link: "healthcheckd"})
	elsewhere, err := r.system("@HOME@")
	if err != nil {
		return nil, err
	}
	for _, f := range elsewhere {
		f.path = "system/" + path.Base(f.path)
		files = append(files, f)
	}
	return append(files,
		file{path: "install.sh", mode: 0o755, from: filepath.Join(r.source, "packaging", "tarball", "install.sh")},
		file{path: "ARCHITECTURE", mode: 0o644, data: []byte(strings.TrimPrefix(system, "linux-") + "\n")},
	), nil
}

// windows is the content of the archive for a Windows system.
func (r *release) windows(system string) ([]file, error) {
	files, err := r.homeFiles(system)
	if err != nil {
		return nil, err
	}
	for to, from := range map[string]string{"install.ps1": "install.ps1", "home/bin/jetpack.cmd": "jetpack.cmd"} {
		text, err := os.ReadFile(filepath.Join(r.source, "packaging", "windows", from))
		if err != nil {
			return nil, err
		}
		text = []byte(strings.ReplaceAll(string(text), "\n", "\r\n"))
		files = append(files, file{path: to, mode: 0o644, data: text})
	}
	return files, nil
}

// homeFiles are the programs and their documents, as every system has them.
func (r *release) homeFiles(system string) ([]file, error) {
	files := []file{{path: "VERSION", mode: 0o644, data: []byte(r.version() + "\n")}}
	suffix := ""
	if strings.HasPrefix(system, "windows") {
		suffix = ".exe"
	}
	for _, p := range programs {
		binary := r.binary(system, p.name)
		licences, err := r.copyright(binary, false)
		if err != nil {
			return nil, err
		}
		text, err := r.readme(p.name)
		if err != nil {
			return nil, err
		}
		files = append(files,
			file{path: "home/bin/" + p.name + suffix, mode: 0o755, from: binary},
			file{path: "home/share/doc/" + p.name + "/README.md", mode: 0o644, data: []byte(text)},
			file{path: "home/share/doc/" + p.name + "/LICENSE", mode: 0o644, data: licences})
	}
	return files, nil
}
