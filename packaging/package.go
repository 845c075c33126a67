package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// pack is a package, as both kinds have it.
type pack struct {
	name, summary, description, section string
	arch                                string // Debian's name, "all" for any
	files                               []file
	depends, recommends, suggests       []string
}

// format is deb or rpm: where they differ beyond the manifest.
type format struct {
	name     string
	zsh      string                            // where zsh looks for completions of packages
	relation func(name, version string) string // "exactly that version of that package"
	file     func(p *pack, version string) string
}

var formats = [...]format{
	{
		name:     "deb",
		zsh:      "/usr/share/zsh/vendor-completions",
		relation: func(name, version string) string { return fmt.Sprintf("%s (= %s)", name, version) },
		file:     func(p *pack, version string) string { return p.name + "_" + version + "_" + p.arch + ".deb" },
	},
	{
		name:     "rpm",
		zsh:      "/usr/share/zsh/site-functions",
		relation: func(name, version string) string { return fmt.Sprintf("%s = %s", name, version) },
		file:     func(p *pack, version string) string { return p.name + "-" + version + "." + rpmArch[p.arch] + ".rpm" },
	},
}

var rpmArch = map[string]string{"amd64": "x86_64", "arm64": "aarch64", "all": "noarch"}

// manifest is what nfpm reads.
type manifest struct {
	Name            string         `json:"name"`
	Arch            string         `json:"arch"`
	Platform        string         `json:"platform"`
	Version         string         `json:"version"`
	VersionSchema   string         `json:"version_schema"`
	Release         string         `json:"release"`
	Section         string         `json:"section"`
	Priority        string         `json:"priority"`
	Maintainer      string         `json:"maintainer"`
	Vendor          string         `json:"vendor"`
	Description     string         `json:"description"`
	License         string         `json:"license"`
	DisableGlobbing bool           `json:"disable_globbing"`
	Modified        time.Time      `json:"mtime"`
	Contents        []content      `json:"contents"`
	Depends         []string       `json:"depends,omitempty"`
	Recommends      []string       `json:"recommends,omitempty"`
	Suggests        []string       `json:"suggests,omitempty"`
	Scripts         scripts        `json:"scripts"`
	Deb             map[string]any `json:"deb"`
	RPM             map[string]any `json:"rpm"`
}

type scripts struct {
	Before       string `json:"preinstall,omitempty"`
	After        string `json:"postinstall,omitempty"`
	BeforeRemove string `json:"preremove,omitempty"`
	AfterRemove  string `json:"postremove,omitempty"`
}

func (r *release) manifest(p *pack, s scripts) manifest {
	return manifest{
		Name: p.name, Arch: p.arch, Platform: "linux", Version: r.level, VersionSchema: "none", Release: r.build,
		Section: p.section, Priority: "optional", Maintainer: maintainer, Vendor: "Jetpack",
		Description: p.summary + "\n" + p.description, License: "Apache-2.0", DisableGlobbing: true, Modified: r.date.UTC(),
		Depends: p.depends, Recommends: p.recommends, Suggests: p.suggests, Scripts: s,
		Deb: map[string]any{"compression": "gzip"},
		RPM: map[string]any{"summary": strings.ToUpper(p.summary[:1]) + p.summary[1:], "buildhost": "localhost", "group": "System Environment/Base", "packager": maintainer},
	}
}

// documentType is rpm's mark of a file that is no part of the program.
func documentType(path string) string {
	switch {
	case strings.HasPrefix(path, "/usr/share/man/"):
		return "doc"
	case strings.HasPrefix(path, "/usr/share/licenses/"):
		return "license"
	}
	return ""
}

// write has nfpm write a package.
func (r *release) write(p *pack, f format, m manifest) error {
	scratch, err := os.MkdirTemp("", "jetpack-package-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	if f.name == "rpm" { // whose summary is a field of its own
		m.Description = p.description
	}
	for _, file := range p.files {
		entry, err := file.entry(filepath.Join(scratch, "files"))
		if err != nil {
			return err
		}
		if f.name == "rpm" {
			entry.Type = cmp.Or(entry.Type, documentType(file.path))
		}
		m.Contents = append(m.Contents, entry)
	}
	config := filepath.Join(scratch, "nfpm.json")
	if err := writeJSON(config, m); err != nil {
		return err
	}
	nfpm := exec.Command(r.nfpm, "package", "--config", config, "--packager", f.name, "--target", filepath.Join(r.out, f.file(p, r.version())))
	nfpm.Env = append(os.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", r.date.Unix()))
	if output, err := nfpm.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot write the %s of %s: %w: %s", f.name, p.name, err, strings.TrimSpace(string(output)))
	}
	return nil
}
