package main

import (
	"bytes"
	"os"
	"path/filepath"
)

// nodePackage pulls in all programs and brings what makes a node of them.
func (r *release) nodePackage(f format) (*pack, error) {
	p := &pack{name: "jetpack-node", summary: nodeSummary, description: nodeDescription, section: "admin", arch: "all"}
	for _, program := range programs {
		p.depends = append(p.depends, f.relation(program.name, r.version()))
	}
	p.depends = append(p.depends, "ca-certificates")
	if f.name == "rpm" {
		p.depends = append(p.depends, "shadow-utils")
	}
	system, err := r.system(standardHome)
	if err != nil {
		return nil, err
	}
	documents, err := r.documents(p.name, "", f)
	p.files = append(append(folders(), system...), documents...)
	p.files = append(p.files, file{path: "/opt/cycle/Jetpack", link: "jetpack"})
	if f.name == "rpm" {
		p.files = append(p.files, file{path: "/usr/share/licenses/" + p.name, mode: 0o755, folder: true})
	}
	return p, err
}

// folders are those of a node. Those whose content is for root and the group
// alone hand the group on to what is made in them.
func folders() []file {
	const shared = os.ModeSetgid | 0o750
	return []file{
		{path: "/opt/cycle", mode: 0o755, folder: true},
		{path: standardHome, mode: 0o755, folder: true},
		{path: standardHome + "/bin", mode: 0o755, folder: true},
		{path: standardHome + "/config", mode: unixMode(shared), group: "cyclecloud", folder: true},
		{path: standardHome + "/config/healthcheck.d", mode: 0o755, folder: true},
		{path: standardHome + "/logs", mode: unixMode(shared), group: "cyclecloud", folder: true},
		{path: standardHome + "/run", mode: unixMode(shared), group: "cyclecloud", folder: true},
		{path: standardHome + "/run/scheduled_shutdown", mode: 0o755, folder: true},
		{path: standardHome + "/system", mode: 0o755, folder: true},
		{path: standardHome + "/system/bin", mode: 0o755, folder: true},
		{path: standardHome + "/system/bootstrap", mode: 0o755, folder: true},
	}
}

// unixMode is the mode in the bits of stat(2), which nfpm counts in.
func unixMode(mode os.FileMode) os.FileMode {
	bits := mode.Perm()
	if mode&os.ModeSetgid != 0 {
		bits |= 0o2000
	}
	return bits
}

// system is what a node has outside its programs, for a home.
func (r *release) system(home string) ([]file, error) {
	var files []file
	for _, f := range []file{
		{from: "cyclecloud-env.sh", path: home + "/system/bin/cyclecloud-env.sh", mode: 0o644},
		{from: "cyclecloud.sh", path: "/etc/profile.d/cyclecloud.sh", mode: 0o644, config: true},
		{from: "jetpack-converge.service", path: "/usr/lib/systemd/system/jetpack-converge.service", mode: 0o644},
		{from: "50-jetpack.preset", path: "/usr/lib/systemd/system-preset/50-jetpack.preset", mode: 0o644},
		{from: "66-jetpack-azure-disks.rules", path: "/usr/lib/udev/rules.d/66-jetpack-azure-disks.rules", mode: 0o644},
	} {
		text, err := os.ReadFile(filepath.Join(r.source, "packaging", "node", f.from))
		if err != nil {
			return nil, err
		}
		f.from, f.data = "", bytes.ReplaceAll(text, []byte("@HOME@"), []byte(home))
		files = append(files, f)
	}
	unit, err := r.healthUnit(home)
	return append(files, file{path: "/usr/lib/systemd/system/healthcheckd.service", mode: 0o644, data: unit}), err
}

// nodeScripts are the maintainer's scripts of the node's package.
func (r *release) nodeScripts(f format) scripts {
	path := func(name string) string { return filepath.Join(r.source, "packaging", f.name, name) }
	if f.name == "deb" {
		return scripts{path("preinst"), path("postinst"), path("prerm"), path("postrm")}
	}
	return scripts{path("pre"), path("post"), path("preun"), path("postun")}
}

// programScripts are those of a program's package.
func (r *release) programScripts(f format) scripts {
	if f.name != "deb" {
		return scripts{}
	}
	return scripts{AfterRemove: filepath.Join(r.source, "packaging", "deb", "program", "postrm")}
}
