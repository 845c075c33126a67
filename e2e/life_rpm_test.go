//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"jetpack.internal/e2e/booted"
)

// liveWithRPM installs, upgrades and removes the rpm packages on a booted
// machine, by rpm itself: their scripts run, under a systemd that is real. The
// machine is a Debian with rpm, for no distribution of rpms can be had here; a
// package without content stands for what such a distribution has.
func liveWithRPM(t *testing.T, packages string) {
	n := booted.New(t)
	base := rpmBase(t, n)
	suffixes := []string{"." + map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[runtime.GOARCH] + ".rpm", ".noarch.rpm"}
	first, second := bring(t, n, packages, "77", suffixes...), bring(t, n, packages, "78", suffixes...)
	rpm := func(args ...string) string {
		return n.Must(t, append([]string{"rpm", "--force-debian"}, args...)...)
	}
	state := func(unit string) string {
		return n.Property(unit, "UnitFileState") + " " + n.Property(unit, "ActiveState")
	}
	n.Write(t, "etc/systemd/system-preset/10-site.preset", "disable jetpack-converge.service\n", 0o644)
	n.Boot(t)
	rpm("-i", base)
	before := inventoryOf(t, n.Root)

	rpm(append([]string{"-i"}, first...)...)
	if h, c := state("healthcheckd"), state("jetpack-converge"); h != "enabled active" || c != "disabled inactive" {
		t.Errorf("installed: healthcheckd is %s, jetpack-converge, which a preset of the site disables, is %s", h, c)
	}
	names := strings.Fields(rpm("-qa", "--qf", "%{NAME} "))
	names = slices.DeleteFunc(names, func(name string) bool { return name == "base" })
	if out := rpm(append([]string{"-V"}, names...)...); out != "" {
		t.Errorf("rpm does not find what it has installed: %s", out)
	}
	walkNode(t, n)
	if out := n.Must(t, "/opt/cycle/Jetpack/bin/jetpack", "--version"); out != "8.0.0-77\n" {
		t.Errorf("installed %q", out)
	}

	n.Write(t, liveHome+"/config/healthcheck.d/own.sh", "#!/bin/sh\nexit 0\n", 0o755)
	n.Write(t, "etc/sysconfig/healthcheckd", "INTERVAL=0.05\n", 0o644)
	n.Must(t, "systemctl", "enable", "jetpack-converge")
	process := n.Property("healthcheckd", "MainPID")
	rpm(append([]string{"-U"}, second...)...)
	if now := n.Property("healthcheckd", "MainPID"); now == process || state("healthcheckd") != "enabled active" || state("jetpack-converge") != "enabled inactive" {
		t.Errorf("upgraded: process %s then %s, healthcheckd %s, jetpack-converge %s", process, now, state("healthcheckd"), state("jetpack-converge"))
	}
	n.Await(t, "the user's check under the new service", func() bool {
		return strings.Contains(n.Try("/opt/cycle/jetpack/bin/healthcheckd", "status"), "own.sh")
	})
	n.Must(t, "systemctl", "mask", "--now", "healthcheckd")
	rpm(append([]string{"-U", "--replacepkgs"}, second...)...)
	if got := state("healthcheckd"); got != "masked inactive" {
		t.Errorf("a masked service is %s after another installation", got)
	}
	n.Must(t, "systemctl", "unmask", "healthcheckd")
	n.Must(t, "systemctl", "start", "healthcheckd")

	rpm(append([]string{"-e"}, names...)...)
	if out := n.Try("pgrep", "-f", "/opt/cycle/jetpack/bin"); out != "" {
		t.Errorf("processes are left: %s", out)
	}
	mustExist(t, filepath.Join(n.Root, liveHome, "config/healthcheck.d/own.sh"))
	want := []string{"+ etc/sysconfig", "+ opt/cycle", "+ usr/share/licenses"} // the last is the distribution's
	if got := difference(before, inventoryOf(t, n.Root)); !slices.Equal(got, want) {
		t.Errorf("the packages have left %q, want %q", got, want)
	}
	if _, err := os.Stat(filepath.Join(n.Root, liveHome, "bin")); err == nil {
		t.Error("the folder of the programs is left")
	}
}

// rpmBase makes the package that stands for a distribution.
func rpmBase(t *testing.T, n *booted.Node) string {
	t.Helper()
	dir := t.TempDir()
	manifest := `{"name": "base", "arch": "noarch", "platform": "linux", "version": "1", "maintainer": "nobody",
		"description": "stands for a distribution", "provides": ["ca-certificates", "shadow-utils", "/bin/sh"]}`
	if err := os.WriteFile(filepath.Join(dir, "nfpm.json"), []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	command(t, "..", "build/tools/nfpm", "package", "--config", filepath.Join(dir, "nfpm.json"), "--packager", "rpm", "--target", filepath.Join(dir, "base.rpm"))
	n.Write(t, "root/packages/base.rpm", readText(t, filepath.Join(dir, "base.rpm")), 0o644)
	return "/root/packages/base.rpm"
}
