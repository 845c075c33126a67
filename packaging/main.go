// Packaging makes the packages of a release from binaries that are built
// already: deb and rpm by nfpm, archives with installers, man pages,
// completions, licences, a bill of materials and checksums. The same sources
// give the same bytes. It is run by `make packages`.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	r := new(release)
	var epoch int64
	var systems, formats string
	flag.StringVar(&r.source, "source", "..", "the repository")
	flag.StringVar(&r.binaries, "binaries", "../build", "folder that holds SYSTEM-ARCH/PROGRAM")
	flag.StringVar(&r.out, "out", "../build/packages", "where the packages go")
	flag.StringVar(&r.nfpm, "nfpm", "nfpm", "the nfpm program")
	flag.StringVar(&r.build, "build", "0", "number of the build")
	flag.StringVar(&systems, "systems", "linux/amd64 linux/arm64 windows/amd64", "for which systems")
	flag.StringVar(&formats, "formats", "deb rpm archive", "which of them")
	flag.Int64Var(&epoch, "epoch", 0, "date of the release, in seconds since 1970")
	flag.Parse()
	r.date = time.Unix(epoch, 0)
	r.systems = strings.Fields(strings.ReplaceAll(systems, "/", "-"))
	r.formats = strings.Fields(formats)
	if err := r.make(); err != nil {
		fmt.Fprintf(os.Stderr, "packaging: %v\n", err)
		os.Exit(1)
	}
}

func (r *release) make() error {
	if err := r.prepare(); err != nil {
		return err
	}
	for _, f := range formats {
		if !slices.Contains(r.formats, f.name) {
			continue
		}
		if err := r.packages(f); err != nil {
			return err
		}
	}
	if slices.Contains(r.formats, "archive") {
		if err := r.archives(); err != nil {
			return err
		}
	}
	b, err := r.bill()
	if err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(r.out, "jetpack-"+r.version()+".cdx.json"), b); err != nil {
		return err
	}
	return checksums(r.out)
}

func (r *release) prepare() error {
	for _, path := range []*string{&r.source, &r.binaries, &r.out, &r.nfpm} {
		absolute, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = absolute
	}
	text, err := exec.Command("go", "env", "GOMODCACHE", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("cannot ask go for its folders: %w", err)
	}
	r.modules, r.toolkit, _ = strings.Cut(strings.TrimSpace(string(text)), "\n")
	if err := r.readLevel(); err != nil {
		return err
	}
	if err := os.RemoveAll(r.out); err != nil {
		return err
	}
	return os.MkdirAll(r.out, 0o755)
}

// packages makes all packages of a format.
func (r *release) packages(f format) error {
	for _, p := range programs {
		for _, system := range r.systems {
			arch, linux := strings.CutPrefix(system, "linux-")
			if !linux {
				continue
			}
			pk, err := r.programPackage(p, arch, f)
			if err != nil {
				return err
			}
			if err := r.write(pk, f, r.manifest(pk, r.programScripts(f))); err != nil {
				return err
			}
		}
	}
	pk, err := r.nodePackage(f)
	if err != nil {
		return err
	}
	m := r.manifest(pk, r.nodeScripts(f))
	if f.name == "deb" {
		m.Deb["predepends"] = []string{"passwd", "init-system-helpers (>= 1.54~)"}
	}
	return r.write(pk, f, m)
}
