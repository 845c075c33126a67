package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const standardHome = "/opt/cycle/jetpack"

// programPackage is the package of a program for an architecture.
func (r *release) programPackage(p program, arch string, f format) (*pack, error) {
	binary := r.binary("linux-"+arch, p.name)
	pk := &pack{name: p.name, summary: p.summary, description: p.description, section: "admin", arch: arch, suggests: p.with}
	if p.certificates {
		pk.recommends = append(pk.recommends, "ca-certificates")
	}
	if p.name == "jetpack" {
		pk.recommends, pk.suggests = p.with, []string{"jetpack-node"}
	}
	pk.files = []file{{path: standardHome + "/bin/" + p.name, mode: 0o755, from: binary}}
	path, source, err := r.page(p.name)
	if err != nil {
		return nil, err
	}
	pk.files = append(pk.files, file{path: "/usr/share/man/" + path + ".gz", mode: 0o644, data: compressed(source)})
	if p.name == "healthcheckd" {
		pk.files = append(pk.files,
			file{path: standardHome + "/bin/healthcheck", link: "healthcheckd"},
			file{path: "/usr/share/man/man8/healthcheck.8.gz", link: "healthcheckd.8.gz"})
	}
	if p.name == "jetpack" {
		completions, err := r.completions("/usr/share/bash-completion/completions/", f.zsh+"/", fish+"/")
		if err != nil {
			return nil, err
		}
		pk.files = append(pk.files, completions...)
	}
	if f.name == "rpm" {
		pk.files = append(pk.files, owned(p.name)...)
	}
	documents, err := r.documents(p.name, binary, f)
	pk.files = append(pk.files, documents...)
	return pk, err
}

const fish = "/usr/share/fish/vendor_completions.d"

// owned are the folders that an rpm package must own for rpm to take them away
// with it; several packages may own one. (dpkg does so without being told.)
func owned(program string) []file {
	paths := []string{"/opt/cycle", standardHome, standardHome + "/bin", "/usr/share/licenses/" + program}
	if program == "jetpack" {
		paths = append(paths, filepath.Dir(fish), fish, "/usr/share/zsh/site-functions")
	}
	var folders []file
	for _, path := range paths {
		folders = append(folders, file{path: path, mode: 0o755, folder: true})
	}
	return folders
}

// completions are those of all programs, in the shells' folders. The scripts
// hold no options: they ask the programs.
func (r *release) completions(bash, zsh, fish string) ([]file, error) {
	var files []file
	for _, c := range []struct{ shell, path string }{{"bash", bash + "jetpack"}, {"zsh", zsh + "_jetpack"}, {"fish", fish + "jetpack.fish"}} {
		script, err := exec.Command(r.binary(runtime.GOOS+"-"+runtime.GOARCH, "jetpack"), "completion", c.shell).Output()
		if err != nil {
			return nil, fmt.Errorf("cannot get the completion for %s: %w", c.shell, err)
		}
		files = append(files, file{path: c.path, mode: 0o644, data: script})
	}
	for _, p := range programs {
		if p.name != "jetpack" { // bash looks for a file of the command's name, fish as well
			files = append(files, file{path: bash + p.name, link: "jetpack"}, file{path: fish + p.name + ".fish", link: "jetpack.fish"})
		}
	}
	return files, nil
}

// documents say how a package may be used and what has changed, where each
// kind of system looks for it.
func (r *release) documents(name, binary string, f format) ([]file, error) {
	text, err := r.copyright(binary, f.name == "deb")
	if err != nil {
		return nil, err
	}
	if f.name == "rpm" {
		return []file{{path: "/usr/share/licenses/" + name + "/LICENSE", mode: 0o644, data: text}}, nil
	}
	overrides, err := r.overrides(name, kind(binary))
	if err != nil {
		return nil, err
	}
	changes := fmt.Sprintf("%s (%s) unstable; urgency=medium\n\n  * Build %s of Jetpack %s: see CHANGELOG.md in its sources.\n\n -- %s  %s\n",
		name, r.version(), r.build, r.level, maintainer, r.date.UTC().Format(time.RFC1123Z))
	return []file{
		{path: "/usr/share/doc/" + name + "/copyright", mode: 0o644, data: text},
		{path: "/usr/share/doc/" + name + "/changelog.Debian.gz", mode: 0o644, data: compressed([]byte(changes))},
		{path: "/usr/share/lintian/overrides/" + name, mode: 0o644, data: []byte(strings.ReplaceAll(overrides, "@PACKAGE@", name))},
	}, nil
}

// overrides are those of lintian's tags that do not apply, and why: of the kind
// of package, and of the package alone, which has a file only where there are any.
func (r *release) overrides(name, kind string) (string, error) {
	folder := filepath.Join(r.source, "packaging", "deb", "overrides")
	text, err := os.ReadFile(filepath.Join(folder, kind))
	if err != nil {
		return "", err
	}
	own, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return string(text) + string(own), nil
}

// kind is the name of the overrides of a package with or without a binary.
func kind(binary string) string {
	if binary == "" {
		return "node"
	}
	return "program"
}
