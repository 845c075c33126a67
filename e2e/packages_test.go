//go:build linux

package e2e

import (
	"bytes"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestPackages makes all packages as a packager would, looks into them, and
// has machines live with them.
func TestPackages(t *testing.T) {
	t.Parallel()
	all := openFolder(t)
	dir := filepath.Join(all, "77")
	command(t, "..", "make", "--no-print-directory", "packages", "PACKAGES="+dir, "BUILT="+filepath.Join(all, "built"), "BUILD=77", "SOURCE_DATE_EPOCH=1700000000")
	t.Run("sums", func(t *testing.T) { command(t, dir, "sha256sum", "--check", "--quiet", "SHA256SUMS") })
	t.Run("complete", func(t *testing.T) { packagesComplete(t, dir) })
	t.Run("architectures", func(t *testing.T) { packagedArchitectures(t, dir) })
	t.Run("node", func(t *testing.T) { nodePackageContents(t, dir) })
	t.Run("program", func(t *testing.T) { programPackageContents(t, dir) })
	t.Run("rpm", func(t *testing.T) { nodeRPM(t, dir) })
	t.Run("pages", func(t *testing.T) { playInstalled(t, dir) })
	t.Run("lint", func(t *testing.T) { lintPackages(t, dir) })
	t.Run("again", func(t *testing.T) { packageAgain(t, dir) })
	t.Run("install", func(t *testing.T) { installTree(t, dir) })
	command(t, "..", "make", "--no-print-directory", "packages", "PACKAGES="+filepath.Join(all, "78"), "BUILT="+filepath.Join(all, "built"), "BUILD=78",
		"SYSTEMS=linux/"+runtime.GOARCH, "SOURCE_DATE_EPOCH=1700000000")
	liveWith(t, all)
}

func packagesComplete(t *testing.T, dir string) {
	for _, program := range packagedPrograms(t) {
		for _, name := range []string{"_8.0.0-77_amd64.deb", "_8.0.0-77_arm64.deb", "-8.0.0-77.x86_64.rpm", "-8.0.0-77.aarch64.rpm"} {
			mustExist(t, filepath.Join(dir, program+name))
		}
	}
	for _, name := range []string{
		"jetpack-node_8.0.0-77_all.deb", "jetpack-node-8.0.0-77.noarch.rpm", "jetpack-8.0.0-77.cdx.json",
		"jetpack-8.0.0-77-linux-amd64.tar.gz", "jetpack-8.0.0-77-linux-arm64.tar.gz", "jetpack-8.0.0-77-windows-amd64.zip",
	} {
		mustExist(t, filepath.Join(dir, name))
	}
}

func nodePackageContents(t *testing.T, dir string) {
	deb := filepath.Join(dir, "jetpack-node_8.0.0-77_all.deb")
	mustList(t, command(t, dir, "dpkg-deb", "-c", deb),
		"drwxr-s--- root/cyclecloud ./opt/cycle/jetpack/config/",
		"drwxr-s--- root/cyclecloud ./opt/cycle/jetpack/run/",
		"drwxr-s--- root/cyclecloud ./opt/cycle/jetpack/logs/",
		"drwxr-xr-x root/root ./opt/cycle/jetpack/config/healthcheck.d/",
		"-rw-r--r-- root/root ./opt/cycle/jetpack/system/bin/cyclecloud-env.sh",
		"-rw-r--r-- root/root ./etc/profile.d/cyclecloud.sh",
		"-rw-r--r-- root/root ./usr/lib/systemd/system/healthcheckd.service",
		"-rw-r--r-- root/root ./usr/lib/systemd/system/jetpack-converge.service",
		"-rw-r--r-- root/root ./usr/lib/udev/rules.d/66-jetpack-azure-disks.rules",
	)
	root := unpackDeb(t, deb)
	profile := readText(t, filepath.Join(root, "etc/profile.d/cyclecloud.sh"))
	if !strings.Contains(profile, "\nexport PATH=") {
		t.Errorf("no line of the profile starts with export PATH=:\n%s", profile)
	}
	got := command(t, root, "env", "-i", "PATH=/usr/bin:/bin", "sh", "-euc", ". ./etc/profile.d/cyclecloud.sh; . ./etc/profile.d/cyclecloud.sh; echo $CYCLECLOUD_HOME $PATH")
	if want := "/opt/cycle/jetpack /usr/bin:/bin:/opt/cycle/jetpack/bin\n"; got != want {
		t.Errorf("after the profile, twice: %q, want %q", got, want)
	}
	unit := readText(t, filepath.Join(root, "usr/lib/systemd/system/healthcheckd.service"))
	for _, want := range []string{"\nEnvironment=INTERVAL=\n", "\nAlias=healthcheck.service\n", "\nExecStart=/opt/cycle/jetpack/bin/healthcheckd run"} {
		if !strings.Contains(unit, want) {
			t.Errorf("the unit lacks %q:\n%s", want, unit)
		}
	}
	if target, err := os.Readlink(filepath.Join(root, "opt/cycle/Jetpack")); err != nil || target != "jetpack" {
		t.Errorf("/opt/cycle/Jetpack leads to %q: %v", target, err)
	}
	if files := command(t, dir, "dpkg-deb", "--info", deb, "conffiles"); strings.TrimSpace(files) != "/etc/profile.d/cyclecloud.sh" {
		t.Errorf("conffiles: %q", files)
	}
}

func programPackageContents(t *testing.T, dir string) {
	deb := filepath.Join(dir, "healthcheckd_8.0.0-77_"+runtime.GOARCH+".deb")
	mustList(t, command(t, dir, "dpkg-deb", "-c", deb), "-rwxr-xr-x root/root ./opt/cycle/jetpack/bin/healthcheckd", "-rw-r--r-- root/root ./usr/share/man/man8/healthcheckd.8.gz")
	root := unpackDeb(t, deb)
	got := command(t, root, filepath.Join(root, "opt/cycle/jetpack/bin/healthcheckd"), "--version")
	if got != "8.0.0-77\n" {
		t.Errorf("the packaged program says %q", got)
	}
	licences := readText(t, filepath.Join(root, "usr/share/doc/healthcheckd/copyright"))
	for _, module := range []string{"github.com/alecthomas/kong", "github.com/rabbitmq/amqp091-go", "std go"} {
		if !strings.Contains(licences, module) {
			t.Errorf("the licence of %s is missing", module)
		}
	}
}

func nodeRPM(t *testing.T, dir string) {
	path := filepath.Join(dir, "jetpack-node-8.0.0-77.noarch.rpm")
	mustList(t, command(t, dir, "rpm", "-qp", "--qf", "[%{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILENAMES}\n]", path),
		"drwxr-s--- root/cyclecloud /opt/cycle/jetpack/config",
		"drwxr-s--- root/cyclecloud /opt/cycle/jetpack/run",
		"-rw-r--r-- root/root /usr/lib/systemd/system/jetpack-converge.service")
	scripts := command(t, dir, "rpm", "-qp", "--scripts", path)
	for _, want := range []string{"groupadd --system cyclecloud", "systemctl --no-reload preset"} {
		if !strings.Contains(scripts, want) {
			t.Errorf("the scripts lack %q:\n%s", want, scripts)
		}
	}
	if needs := command(t, dir, "rpm", "-qp", "--requires", path); !strings.Contains(needs, "healthcheckd = 8.0.0-77\n") {
		t.Errorf("it requires:\n%s", needs)
	}
}

func lintPackages(t *testing.T, dir string) {
	debs, _ := filepath.Glob(filepath.Join(dir, "*.deb"))
	// How sentences of others are spelt that are linked in differs from system to system.
	command(t, dir, "lintian", append([]string{"--display-info", "--suppress-tags", "spelling-error-in-binary", "--fail-on", "error,warning,info"}, debs...)...)
	config, err := filepath.Abs("../packaging/rpm/rpmlint.toml")
	if err != nil {
		t.Fatal(err)
	}
	rpms, _ := filepath.Glob(filepath.Join(dir, "*.rpm"))
	command(t, dir, "env", append([]string{"PATH=" + tameCpio(t) + ":" + os.Getenv("PATH"), "rpmlint", "--strict", "--config", config}, rpms...)...)
}

// tameCpio is a folder with a cpio that stays in its folder. The names in an
// rpm that nfpm writes are absolute, and rpmlint unpacks with cpio's default,
// which would put them into the machine's own root.
func tameCpio(t *testing.T) string {
	t.Helper()
	real, err := exec.LookPath("cpio")
	if err != nil {
		t.Fatalf("cpio is missing: apt-get install cpio: %v", err)
	}
	dir := t.TempDir()
	script := "#!/bin/sh\nexec " + real + " --no-absolute-filenames \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "cpio"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// packageAgain: the same sources give the same bytes, from another folder
// without git's.
func packageAgain(t *testing.T, dir string) {
	second, source := openFolder(t), t.TempDir()
	command(t, "..", "sh", "-c", `git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read -T - | tar -x -C "$1"`, "sh", source)
	command(t, source, "make", "--no-print-directory", "packages", "PACKAGES="+second, "BUILD=77", "SYSTEMS=linux/"+runtime.GOARCH, "SOURCE_DATE_EPOCH=1700000000")
	made, err := os.ReadDir(second)
	if err != nil || len(made) < 15 {
		t.Fatalf("made %d packages: %v", len(made), err)
	}
	for _, entry := range made {
		name := entry.Name()
		if name == "SHA256SUMS" || strings.HasSuffix(name, ".cdx.json") {
			continue // of fewer systems
		}
		if !bytes.Equal([]byte(readText(t, filepath.Join(dir, name))), []byte(readText(t, filepath.Join(second, name)))) {
			t.Errorf("%s differs from build to build", name)
		}
	}
}

// packagedArchitectures: what is in a package is for the machine that it says.
func packagedArchitectures(t *testing.T, dir string) {
	machines := map[string]elf.Machine{"_amd64.deb": elf.EM_X86_64, "_arm64.deb": elf.EM_AARCH64, ".x86_64.rpm": elf.EM_X86_64, ".aarch64.rpm": elf.EM_AARCH64}
	looked := 0
	for suffix, want := range machines {
		packages, _ := filepath.Glob(filepath.Join(dir, "*"+suffix))
		for _, path := range packages {
			root := t.TempDir()
			if strings.HasSuffix(path, ".deb") {
				command(t, root, "dpkg-deb", "--extract", path, root)
			} else {
				command(t, root, "sh", "-c", `rpm2cpio "$1" | cpio --quiet --extract --make-directories --no-absolute-filenames`, "sh", path)
			}
			name := strings.FieldsFunc(strings.TrimSuffix(filepath.Base(path), suffix), func(r rune) bool { return r == '_' })[0]
			name, _, _ = strings.Cut(name, "-8.0.0")
			binary, err := elf.Open(filepath.Join(root, "opt/cycle/jetpack/bin", name))
			if err != nil {
				t.Fatal(err)
			}
			if looked++; binary.Machine != want {
				t.Errorf("%s holds a program for %s", filepath.Base(path), binary.Machine)
			}
			binary.Close()
		}
	}
	if looked != 4*len(packagedPrograms(t)) {
		t.Errorf("looked into %d packages", looked)
	}
}

// packagedPrograms are the programs of the toolkit: the folders with a main.go.
func packagedPrograms(t *testing.T) (names []string) {
	t.Helper()
	mains, _ := filepath.Glob("../*/main.go")
	for _, path := range mains {
		if name := filepath.Base(filepath.Dir(path)); name != "packaging" {
			names = append(names, name)
		}
	}
	if len(names) < 7 {
		t.Fatalf("only the programs %q", names)
	}
	return names
}
