//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// isUpgraded: while a check runs, which is ended, and a script of a converge,
// which goes on.
func (l *life) isUpgraded(t *testing.T) {
	l.Write(t, liveHome+"/config/healthcheck.d/slow.sh", "#!/bin/sh\nexec sleep 7654321\n", 0o755)
	l.Await(t, "the slow check", func() bool { return l.sleeper() != "" })
	l.project(t, map[string]string{"scripts/40-long.sh": "until [ -e /root/go ]; do sleep 0.1; done; echo long >>/root/order\n"})
	l.Must(t, "systemctl", "start", "--no-block", "jetpack-converge")
	l.Await(t, "the long script", func() bool { return l.Try("pgrep", "-f", "40-long.sh") != "" })
	check, service, converge := l.sleeper(), l.Property("healthcheckd", "MainPID"), l.Property("jetpack-converge", "MainPID")

	l.apt(t, append([]string{"install"}, l.debs("78")...)...)
	if got := l.jetpack(t, "--version"); got != "8.0.0-78\n" {
		t.Errorf("upgraded to %q", got)
	}
	l.Await(t, "the new service's check", func() bool { return l.sleeper() != "" })
	if l.sleeper() == check {
		t.Error("the check of the old service runs on")
	}
	if now := l.Property("healthcheckd", "MainPID"); now == service || l.Property("healthcheckd", "NRestarts") != "0" {
		t.Errorf("the service was not restarted in good order: process %s, then %s", service, now)
	}
	if running := l.Must(t, "readlink", "/proc/"+l.Property("healthcheckd", "MainPID")+"/exe"); strings.Contains(running, "deleted") {
		t.Errorf("the service still runs the old program: %s", running)
	}
	if c, _ := l.check(t, "slow.sh"); c.Verdict != "" && c.Verdict != "unknown" {
		t.Errorf("the check that was cut short is %s", c.Verdict)
	}
	if now := l.Property("jetpack-converge", "MainPID"); now != converge {
		t.Errorf("the converge was process %s and is %s", converge, now)
	}
	l.Write(t, "root/go", "", 0o644)
	l.Await(t, "the converge's end", func() bool { return l.Property("jetpack-converge", "SubState") == "dead" })
	if order := l.Read("root/order"); strings.Count(order, "long\n") != 1 || strings.Count(order, "10-first.sh") != 1 {
		t.Errorf("the scripts did\n%s", order)
	}
	if err := os.Remove(filepath.Join(l.Root, liveHome, "config/healthcheck.d/slow.sh")); err != nil {
		t.Fatal(err)
	}
	l.Must(t, "systemctl", "restart", "healthcheckd") // it waits for the slow check otherwise
	l.isPrivate(t)
}

// sleeper is the process of the slow check, "" for none.
func (l *life) sleeper() string { return strings.TrimSpace(l.Try("pgrep", "-f", "sleep 7654321")) }

// obeysMasks: a unit that was masked, disabled or stopped is so after another
// installation.
func (l *life) obeysMasks(t *testing.T) {
	l.Must(t, "systemctl", "mask", "--now", "healthcheckd")
	l.Must(t, "systemctl", "disable", "jetpack-converge")
	l.apt(t, append([]string{"install", "--reinstall"}, l.debs("78")...)...)
	for unit, want := range map[string]string{"healthcheckd": "masked inactive", "jetpack-converge": "disabled inactive"} {
		if got := l.Property(unit, "UnitFileState") + " " + l.Property(unit, "ActiveState"); got != want {
			t.Errorf("%s is %s, want %s", unit, got, want)
		}
	}
	l.Must(t, "systemctl", "unmask", "healthcheckd")
	l.Must(t, "systemctl", "enable", "healthcheckd", "jetpack-converge")
	l.Must(t, "systemctl", "start", "healthcheckd")
}

// isRemoved: what is the packages' goes, what is the user's stays, and works
// when they come back.
func (l *life) isRemoved(t *testing.T) {
	l.apt(t, "remove", "jetpack*", "healthcheckd")
	for _, unit := range []string{"healthcheckd", "jetpack-converge"} {
		if state := l.Property(unit, "ActiveState"); state != "inactive" {
			t.Errorf("%s is %s", unit, state)
		}
	}
	if left := l.Try("find", "/opt/cycle/jetpack/bin", "/usr/share/man", "/usr/share/bash-completion", "/usr/lib/systemd", "/usr/lib/udev", "-name", "*jetpack*", "-o", "-name", "*healthcheck*"); !strings.HasPrefix(left, "find: ‘/opt/cycle/jetpack/bin’: No such file") || strings.Count(left, "\n") != 1 {
		t.Errorf("after the removal there is\n%s", left)
	}
	for _, name := range []string{"config/configuration.json", "config/healthcheck.d/gpu.sh", "run/converge.json", "logs/jetpack.log"} {
		mustExist(t, filepath.Join(l.Root, liveHome, name))
	}
	if pids := l.Try("pgrep", "-f", "/opt/cycle/jetpack/bin"); pids != "" {
		t.Errorf("processes are left: %s", pids)
	}
	order := l.Read("root/order")
	l.apt(t, append([]string{"install"}, l.debs("78")...)...)
	if got := l.Property("healthcheckd", "UnitFileState") + " " + l.Property("healthcheckd", "ActiveState"); got != "enabled active" {
		t.Errorf("installed again, the service is %s", got)
	}
	l.jetpack(t, "converge")
	if got := l.Read("root/order"); got != order {
		t.Errorf("scripts ran again:\n%s", got)
	}
}

// isPurged: the machine is as it was, but for what the user has and the group.
func (l *life) isPurged(t *testing.T) {
	l.keepsSecrets(t)
	l.Must(t, "userdel", "-r", "member")
	l.Must(t, "userdel", "-r", "stranger")
	l.apt(t, "purge", "jetpack*", "healthcheckd")
	time.Sleep(time.Second) // what dpkg's triggers still write
	want := []string{"+ etc/default/healthcheckd", "+ mnt/cluster-init"}
	if got := difference(l.before, inventoryOf(t, l.Root)); !slices.Equal(got, want) {
		t.Errorf("the packages have left\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if left := l.Try("find", "/etc", "/usr", "/var/lib", "/opt", "(", "-name", "*jetpack*", "-o", "-name", "*healthcheck*", "-o", "-name", "*cyclecloud*", ")", "!", "-path", "/etc/default/healthcheckd"); left != "" {
		t.Errorf("names that are ours are left:\n%s", left)
	}
	if out := l.Try("systemctl", "is-enabled", "healthcheckd", "jetpack-converge"); strings.Contains(out, "masked") || strings.Contains(out, "enabled") {
		t.Errorf("systemd still knows the units: %s", out)
	}
	if out := l.Try("systemctl", "list-units", "--failed", "--no-legend", "healthcheckd*", "jetpack*"); strings.TrimSpace(out) != "" {
		t.Errorf("failed units are left: %s", out)
	}
	l.Must(t, "getent", "group", "cyclecloud") // other files may belong to it
}
