//go:build linux

package e2e

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"jetpack.internal/e2e/booted"
)

// liveWithArchive installs, upgrades and removes the archive on a booted
// machine, as for an image, and breaks it off in the middle.
func liveWithArchive(t *testing.T, packages string) {
	n := booted.New(t)
	for _, build := range []string{"77", "78"} {
		bring(t, n, packages, build, "-linux-"+runtime.GOARCH+".tar.gz")
	}
	n.Boot(t)
	installer := map[string]string{}
	for _, build := range []string{"77", "78"} {
		n.Must(t, "tar", "-xzf", "/root/packages/"+build+"/jetpack-8.0.0-"+build+"-linux-"+runtime.GOARCH+".tar.gz", "-C", "/root")
		installer[build] = "/root/jetpack-8.0.0-" + build + "-linux-" + runtime.GOARCH + "/install.sh"
	}
	before := inventoryOf(t, n.Root)
	active := func() string {
		return n.Property("healthcheckd", "UnitFileState") + " " + n.Property("healthcheckd", "ActiveState")
	}

	n.Must(t, "systemctl", "mask", "healthcheckd")
	n.Must(t, installer["77"])
	if got := active(); got != "masked inactive" {
		t.Errorf("a masked service is %s after the installation", got)
	}
	n.Must(t, "systemctl", "unmask", "healthcheckd")
	n.Must(t, "systemctl", "enable", "--now", "healthcheckd")
	walkNode(t, n)
	n.Write(t, liveHome+"/config/healthcheck.d/own.sh", "#!/bin/sh\nexit 0\n", 0o755)
	once := inventoryOf(t, n.Root)
	n.Must(t, installer["77"])
	again := slices.DeleteFunc(difference(once, inventoryOf(t, n.Root)), func(change string) bool { // the service's own
		return strings.HasPrefix(change[2:], liveHome+"/logs/") || strings.HasPrefix(change[2:], liveHome+"/run/")
	})
	if len(again) > 0 {
		t.Errorf("the second installation changed %q", again)
	}

	breaksOff(t, n, installer["78"])
	process := n.Property("healthcheckd", "MainPID")
	n.Must(t, installer["78"])
	if out := n.Must(t, "/opt/cycle/Jetpack/bin/jetpack", "--version"); out != "8.0.0-78\n" || n.Property("healthcheckd", "MainPID") == process {
		t.Errorf("upgraded to %s, the service's process was %s and is %s", out, process, n.Property("healthcheckd", "MainPID"))
	}
	if left := n.Must(t, "find", "/opt/cycle", "/etc", "/usr/local", "-name", "*.new"); left != "" {
		t.Errorf("left behind: %s", left)
	}

	n.Must(t, installer["78"], "--uninstall")
	mustExist(t, filepath.Join(n.Root, liveHome, "config/healthcheck.d/own.sh"))
	if got := difference(before, inventoryOf(t, n.Root)); len(got) != 1 || got[0] != "+ opt/cycle" {
		t.Errorf("after the removal: %q", got)
	}
	n.Must(t, installer["78"], "--home", "/srv/node")
	if got := n.Property("healthcheckd", "ExecStart"); !strings.Contains(got, "path=/srv/node/bin/healthcheckd ") || active() != "enabled active" {
		t.Errorf("with a home elsewhere the service is %s: %s", active(), got)
	}
	n.Must(t, installer["78"], "--uninstall", "--purge", "--home", "/srv/node")
	n.Must(t, installer["78"])
	n.Must(t, installer["78"], "--uninstall", "--purge")
	if got := difference(before, inventoryOf(t, n.Root)); len(got) != 0 {
		t.Errorf("after the purge there is left: %q", got)
	}
}

// breaksOff: an upgrade that is killed at any moment, or has no room in its
// middle, leaves each program the old one or the new one, whole.
func breaksOff(t *testing.T, n *booted.Node, installer string) {
	t.Helper()
	versions := map[string]int{}
	whole := func(when string) {
		for _, program := range []string{"jetpack", "jetpack-config", "jetpack-log", "healthcheckd"} {
			out, status := n.Run("/opt/cycle/jetpack/bin/"+program, "--version")
			if versions[out]++; status != 0 || out != "8.0.0-77\n" && out != "8.0.0-78\n" {
				t.Errorf("%s: %s says %q, status %d", when, program, out, status)
			}
		}
	}
	for hundredths := 5; hundredths < 100; hundredths += 10 {
		after := fmt.Sprintf("0.%02d", hundredths)
		n.Run("timeout", "-s", "KILL", after, installer)
		whole("killed after " + after + " s")
	}
	// No room for further files: the mark of a full disk, in the middle.
	n.Must(t, "sh", "-c", `cp -a /opt/cycle/jetpack /root/kept && mount -t tmpfs -o mode=755,nr_inodes=$(($(find /opt/cycle | wc -l) + 2)) none /opt/cycle && cp -a /root/kept /opt/cycle/jetpack`)
	n.Must(t, "sh", "-c", `echo "/of/another/version" >>/opt/cycle/jetpack/system/installed; rm -rf /opt/cycle/jetpack/bin/jetpack-s* /opt/cycle/jetpack/share/doc/jetpack-s*; touch /opt/cycle/jetpack/logs/1 /opt/cycle/jetpack/logs/2 /opt/cycle/jetpack/logs/3 /opt/cycle/jetpack/logs/4`)
	out, status := n.Run(installer)
	if status != 1 || !strings.Contains(out, "install.sh: cannot install /opt/cycle/jetpack/") || !strings.Contains(out, "run it again: it goes on") {
		t.Errorf("on a full disk: status %d: %s", status, out)
	}
	whole("on a full disk")
	n.Must(t, "sh", "-c", "umount /opt/cycle; rm -rf /root/kept")
	if versions["8.0.0-77\n"] == 0 || versions["8.0.0-78\n"] == 0 {
		t.Errorf("the upgrade was never broken off in its middle: %v", versions)
	}
}
