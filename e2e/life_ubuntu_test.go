//go:build linux

package e2e

import (
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"jetpack.internal/e2e/booted"
)

// liveOnUbuntu: packages and archive on the oldest system that nodes still run.
// Its dpkg knows no zstd, its apt and systemd (245) are older than Debian's.
func liveOnUbuntu(t *testing.T, packages string) {
	n := booted.NewFrom(t, booted.Ubuntu(t))
	first := bring(t, n, packages, "77", "_"+runtime.GOARCH+".deb", "_all.deb")
	second := bring(t, n, packages, "78", "_"+runtime.GOARCH+".deb", "_all.deb")
	archive := bring(t, n, packages, "78", "-linux-"+runtime.GOARCH+".tar.gz")[0]
	apt := func(args ...string) {
		n.Must(t, append([]string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q", "-o", "Acquire::http::Proxy=http://127.0.0.1:1"}, args...)...)
	}
	state := func() string {
		return n.Property("healthcheckd", "UnitFileState") + " " + n.Property("healthcheckd", "ActiveState") + ", " + n.Property("jetpack-converge", "UnitFileState")
	}
	n.Boot(t)
	if about := n.Must(t, "systemctl", "--version"); !strings.HasPrefix(about, "systemd 245 ") {
		t.Fatalf("the oldest systemd is to be tried: %s", about)
	}
	before := inventoryOf(t, n.Root)

	apt(append([]string{"install"}, first...)...)
	if got := state(); got != "enabled active, enabled" {
		t.Errorf("installed: %s", got)
	}
	if said := n.Try("journalctl", "-b", "--no-pager", "-t", "systemd"); strings.Contains(said, "Unknown") || strings.Contains(said, "ignoring") {
		t.Errorf("systemd does not understand a unit: %s", said)
	}
	walkNode(t, n)
	ubuntuNode(t, n)
	n.PowerOff(t)
	n.Boot(t)
	n.Await(t, "the converge at boot", func() bool {
		return strings.HasPrefix(n.Try("/opt/cycle/jetpack/bin/jetpack", "converge", "--status"), "result   ready")
	})
	if got := n.Read(liveHome + "/logs/cluster-init/hello/default/scripts/10-hello.sh.out"); got != "n1 on 20.04\n" {
		t.Errorf("the script said %q", got)
	}
	if group := n.Try("sh", "-c", "cat /proc/$(pgrep -xf 'sleep 6543')/cgroup"); !strings.Contains(group, "jetpack-scripts-") {
		t.Errorf("the daemon of a script lives in %q", group)
	}
	if out, status := n.Run("/opt/cycle/jetpack/bin/healthcheckd", "once"); status != 254 || !strings.Contains(out, "no GPU") {
		t.Errorf("the checks: status %d: %s", status, out)
	}
	n.Await(t, "the service's verdict", func() bool { return strings.Contains(n.Read(liveHome+"/logs/messages.jsonl"), `"shutdown"`) })

	apt(append([]string{"install"}, second...)...)
	if got := n.Must(t, "/opt/cycle/jetpack/bin/jetpack", "--version"); got != "8.0.0-78\n" || state() != "enabled active, enabled" {
		t.Errorf("upgraded to %s, %s", got, state())
	}
	apt("remove", "jetpack*", "healthcheckd")
	mustExist(t, filepath.Join(n.Root, liveHome, "config/healthcheck.d/gpu.sh"))
	apt("purge", "jetpack*", "healthcheckd")
	leftOver(t, n, before, "the purge")

	n.Must(t, "tar", "-xzf", archive, "-C", "/root")
	installer := "/root/jetpack-8.0.0-78-linux-" + runtime.GOARCH + "/install.sh"
	n.Must(t, installer)
	if got := state(); got != "enabled active, enabled" {
		t.Errorf("installed from the archive: %s", got)
	}
	n.Must(t, installer, "--uninstall", "--purge")
	leftOver(t, n, before, "the archive's removal")
	if failed := n.Must(t, "systemctl", "--failed", "--no-legend", "--plain"); failed != "" {
		t.Errorf("units have failed: %s", failed)
	}
}

// ubuntuNode gives the node a project in a folder, a check that is unhealthy,
// and their configuration.
func ubuntuNode(t *testing.T, n *booted.Node) {
	t.Helper()
	const scripts = "srv/locker/projects/hello/1.0.0/default/cluster-init/scripts/"
	n.Write(t, scripts+"10-hello.sh", "#!/bin/sh\nsleep 6543 &\necho \"$(jetpack config cyclecloud.node.name) on $(jetpack config platform_version)\"\n", 0o644)
	n.Write(t, liveHome+"/config/lockers.json", `{"lockers": {"here": {"url": "file:///srv/locker"}}}`, 0o640)
	n.Write(t, liveHome+"/config/configuration.json", `{"cyclecloud": {"cluster": {"name": "lab"}, "node": {"name": "n1"},
		"cluster_init_specs": [{"project": "hello", "version": "1.0.0", "spec": "default"}]}}`, 0o640)
	n.Write(t, liveHome+"/config/healthcheck.d/gpu.sh", "#!/bin/sh\necho no GPU\nexit 254\n", 0o755)
}

// leftOver: what is left of a node is what a project has put into its folder.
func leftOver(t *testing.T, n *booted.Node, before inventory, after string) {
	t.Helper()
	if got := difference(before, inventoryOf(t, n.Root)); !slices.Equal(got, []string{"+ mnt/cluster-init", "+ srv/locker"}) {
		t.Errorf("after %s there is left: %q", after, got)
	}
}
