//go:build unix

package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestPackages makes all packages as a packager would, and looks into them.
func TestPackages(t *testing.T) {
	dir := openFolder(t)
	command(t, "..", "make", "--no-print-directory", "packages", "PACKAGES="+dir, "BUILD=77", "SOURCE_DATE_EPOCH=1700000000")
	t.Run("sums", func(t *testing.T) { command(t, dir, "sha256sum", "--check", "--quiet", "SHA256SUMS") })
	t.Run("complete", func(t *testing.T) { packagesComplete(t, dir) })
	t.Run("node", func(t *testing.T) { nodePackageContents(t, dir) })
	t.Run("program", func(t *testing.T) { programPackageContents(t, dir) })
	t.Run("rpm", func(t *testing.T) { nodeRPM(t, dir) })
	t.Run("lint", func(t *testing.T) { lintPackages(t, dir) })
	t.Run("again", func(t *testing.T) { packageAgain(t, dir) })
	t.Run("install", func(t *testing.T) { installTree(t, dir) })
}

func packagesComplete(t *testing.T, dir string) {
	for _, program := range []string{"jetpack", "jetpack-config", "jetpack-converge", "jetpack-download", "jetpack-keepalive", "jetpack-log", "jetpack-send", "healthcheckd"} {
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
	command(t, dir, "lintian", append([]string{"--fail-on", "error,warning"}, debs...)...)
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

// The same sources give the same bytes: one package is made a second time.
func packageAgain(t *testing.T, dir string) {
	second := openFolder(t)
	command(t, "../packaging", "env", "GOWORK=off", "go", "run", ".", "-nfpm", "../build/tools/nfpm", "-build", "77", "-epoch", "1700000000", "-only", "jetpack-keepalive", "-out", second)
	made, err := os.ReadDir(second)
	if err != nil || len(made) != 4 {
		t.Fatalf("made %d packages: %v", len(made), err)
	}
	for _, entry := range made {
		name := entry.Name()
		if !bytes.Equal([]byte(readText(t, filepath.Join(dir, name))), []byte(readText(t, filepath.Join(second, name)))) {
			t.Errorf("%s differs from build to build", name)
		}
	}
}
