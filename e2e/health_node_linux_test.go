//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jetpack.internal/e2e/booted"
)

// bootedNode is a booted Debian with the service's programs in it.
type bootedNode struct{ *booted.Node }

func bootNode(t *testing.T, bin string) *bootedNode {
	t.Helper()
	n := &bootedNode{booted.New(t)}
	n.write(t, "config/healthcheck.d/fine.sh", "setsid sleep 4242 & grep -E '^0::|name=' /proc/self/cgroup", 0o755)
	for _, name := range []string{"healthcheckd", "jetpack-keepalive"} {
		text, err := os.ReadFile(filepath.Join(bin, name))
		if err != nil {
			t.Fatal(err)
		}
		n.write(t, "bin/"+name, string(text), 0o755)
	}
	n.Boot(t)
	return n
}

// write writes a file below the home.
func (n *bootedNode) write(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	n.Write(t, filepath.Join("opt/cycle/jetpack", name), text, mode)
}

const healthcheckd = "/opt/cycle/jetpack/bin/healthcheckd"

func (n *bootedNode) property(name string) string { return n.Property("healthcheckd", name) }

func (n *bootedNode) active() bool { return n.property("ActiveState") == "active" }

// The service in the hands of systemd: installed, started, killed, hung,
// stopped in the middle of a check, and the node powered off.
func TestHealthServiceUnderSystemd(t *testing.T) {
	needsRoot(t, "boot a node")
	t.Parallel()
	n := bootNode(t, buildPrograms(t, "healthcheckd", "jetpack-keepalive"))
	n.runsUnderSysV(t)
	for _, action := range []string{"install", "start"} {
		if out := n.Try(healthcheckd, action); out != "" {
			t.Fatalf("%s: %s", action, out)
		}
	}
	n.Await(t, "the first round", func() bool { return strings.Contains(n.Try(healthcheckd, "status"), "fine.sh") })
	if !n.active() || n.property("Type") != "notify" || n.property("UnitFileState") != "enabled" {
		t.Errorf("state %s, type %s, %s", n.property("ActiveState"), n.property("Type"), n.property("UnitFileState"))
	}
	if status := n.Try(healthcheckd, "status", "--json"); !strings.Contains(status, `healthcheckd.service/jetpack-`) || !strings.Contains(status, `"leftovers": 1`) {
		t.Errorf("no cgroup of its own: %s", status)
	}
	n.survives(t)
	n.stops(t)
	n.powersOff(t)
}

// survives: systemd brings a service back that was killed, or hangs.
func (n *bootedNode) survives(t *testing.T) {
	t.Helper()
	for i, signal := range []string{"KILL", "STOP"} {
		if signal == "STOP" {
			n.Write(t, "etc/systemd/system/healthcheckd.service.d/test.conf", "[Service]\nWatchdogSec=2\nRestartSec=1\n", 0o644)
			n.Try("systemctl", "daemon-reload")
			n.Try(healthcheckd, "restart")
			time.Sleep(5 * time.Second) // longer than the watchdog: signs of life come in time
			if restarts := n.property("NRestarts"); restarts != "0" || !n.active() {
				t.Errorf("the watchdog has bitten a healthy service: %s restarts", restarts)
			}
			i = 0
		}
		n.Try("systemctl", "kill", "-s", signal, "--kill-who=main", "healthcheckd")
		want := fmt.Sprint(i + 1)
		n.Await(t, "the restart after "+signal, func() bool { return n.property("NRestarts") == want && n.active() })
	}
	if out := n.Try("journalctl", "-u", "healthcheckd", "--no-pager"); !strings.Contains(out, "Watchdog timeout") {
		t.Errorf("no word of the watchdog: %s", out)
	}
}

// stops: within two seconds, with a check that does not want to, and all of it.
func (n *bootedNode) stops(t *testing.T) {
	t.Helper()
	n.write(t, "config/healthcheck.d/deaf.sh", "trap '' TERM; setsid sleep 4243 & while :; do sleep 4243; done", 0o755)
	n.Try(healthcheckd, "restart")
	n.Await(t, "the deaf check", func() bool { return strings.Contains(n.Try("pgrep", "-af", "4243"), "sleep 4243") })
	began := time.Now()
	if out := n.Try(healthcheckd, "stop"); out != "" {
		t.Errorf("stop: %s", out)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("stopped after %s", took)
	}
	if left := n.Try("pgrep", "-a", "sleep"); left != "" || n.property("Result") != "success" {
		t.Errorf("left behind: %q, result %s", left, n.property("Result"))
	}
	if err := os.Remove(filepath.Join(n.Root, "opt/cycle/jetpack/config/healthcheck.d/deaf.sh")); err != nil {
		t.Fatal(err)
	}
}

// powersOff: the machine itself, where the administrator has said so, and not
// while a keepalive holds.
func (n *bootedNode) powersOff(t *testing.T) {
	t.Helper()
	n.write(t, "config/configuration.json", `{"cyclecloud": {"healthcheck": {"action": "poweroff", "interval": 1}}}`, 0o644)
	n.write(t, "config/healthcheck.d/bad.sh", "exit 254", 0o755)
	if out := n.Try("/opt/cycle/jetpack/bin/jetpack-keepalive", "forever"); !strings.HasPrefix(out, "Kept alive forever") {
		t.Fatalf("keepalive: %s", out)
	}
	n.Try(healthcheckd, "start")
	n.Await(t, "the verdict", func() bool { return strings.Contains(n.Try(healthcheckd, "explain"), "but a keepalive holds forever") })
	n.Try("/opt/cycle/jetpack/bin/jetpack-keepalive", "--off")
	n.AwaitEnd(t)
	log, _ := os.ReadFile(filepath.Join(n.Root, "opt/cycle/jetpack/logs/messages.jsonl"))
	if !bytes.Contains(log, []byte(`"evidence":true`)) || !bytes.Contains(log, []byte(`"type":"shutdown"`)) {
		t.Errorf("no evidence or no request: %s", log)
	}
}
