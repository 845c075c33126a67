//go:build unix

package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// bootedNode is a Debian with systemd as its first process, in a container.
type bootedNode struct {
	root      string
	container *exec.Cmd
	ended     chan struct{}
}

// nodeImage is a minimal Debian, made once and kept outside the repository.
func nodeImage(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	image := filepath.Join(cache, "jetpack", "node-bookworm")
	if _, err := os.Stat(image); err == nil {
		return image
	}
	for program, name := range map[string]string{"debootstrap": "debootstrap", "systemd-nspawn": "systemd-container"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%v (apt-get install %s)", err, name)
		}
	}
	if err := os.MkdirAll(filepath.Dir(image), 0o755); err != nil {
		t.Fatal(err)
	}
	made, err := os.MkdirTemp(filepath.Dir(image), "making-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(made)
	out, err := exec.CommandContext(t.Context(), "debootstrap", "--variant=minbase",
		"--include=systemd,systemd-sysv,dbus,procps", "bookworm", made).CombinedOutput()
	if err == nil {
		err = os.Chmod(made, 0o755)
	}
	if err == nil {
		err = os.Rename(made, image)
	}
	if err != nil {
		t.Fatalf("cannot make a node: %v\n%s", err, out[max(0, len(out)-1000):])
	}
	return image
}

// bootNode boots a copy of the image with the programs in it.
func bootNode(t *testing.T, bin string) *bootedNode {
	t.Helper()
	n := &bootedNode{root: filepath.Join(t.TempDir(), "root"), ended: make(chan struct{})}
	if out, err := exec.CommandContext(t.Context(), "cp", "-a", "--reflink=auto", nodeImage(t), n.root).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	n.write(t, "config/healthcheck.d/fine.sh", "setsid sleep 4242 & grep -E '^0::|name=' /proc/self/cgroup", 0o755)
	for _, name := range []string{"healthcheckd", "jetpack-keepalive"} {
		text, err := os.ReadFile(filepath.Join(bin, name))
		if err != nil {
			t.Fatal(err)
		}
		n.write(t, "bin/"+name, string(text), 0o755)
	}
	n.container = exec.Command("systemd-nspawn", "-q", "-D", n.root, "--register=no", "--keep-unit", "--boot")
	if err := n.container.Start(); err != nil {
		t.Fatalf("%v (apt-get install systemd-container)", err)
	}
	go func() { n.container.Wait(); close(n.ended) }()
	t.Cleanup(func() { n.container.Process.Kill(); <-n.ended })
	n.await(t, "the boot", func() bool {
		state := n.try("systemctl", "is-system-running")
		return strings.HasPrefix(state, "running") || strings.HasPrefix(state, "degraded")
	})
	return n
}

func (n *bootedNode) write(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(n.root, "opt/cycle/jetpack", name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// try runs a command inside and gives what it prints.
func (n *bootedNode) try(args ...string) string {
	first, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", n.container.Process.Pid))
	if err != nil || len(bytes.Fields(first)) == 0 {
		return ""
	}
	inside := append([]string{"-t", string(bytes.Fields(first)[0]), "-a", "--"}, args...)
	out, _ := exec.Command("nsenter", inside...).CombinedOutput() // what failed shows in what it prints
	return string(out)
}

func (n *bootedNode) await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !holds(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within two minutes\n%s", what, n.try("journalctl", "-u", "healthcheckd", "-n", "30", "--no-pager"))
		}
	}
}

const healthcheckd = "/opt/cycle/jetpack/bin/healthcheckd"

func (n *bootedNode) property(name string) string {
	return strings.TrimSpace(n.try("systemctl", "show", "healthcheckd", "-p", name, "--value"))
}

func (n *bootedNode) active() bool { return n.property("ActiveState") == "active" }

// The service in the hands of systemd: installed, started, killed, hung,
// stopped in the middle of a check, and the node powered off.
func TestHealthServiceUnderSystemd(t *testing.T) {
	needsRoot(t, "boot a node")
	t.Parallel()
	n := bootNode(t, buildPrograms(t, "healthcheckd", "jetpack-keepalive"))
	n.runsUnderSysV(t)
	for _, action := range []string{"install", "start"} {
		if out := n.try(healthcheckd, action); out != "" {
			t.Fatalf("%s: %s", action, out)
		}
	}
	n.await(t, "the first round", func() bool { return strings.Contains(n.try(healthcheckd, "status"), "fine.sh") })
	if !n.active() || n.property("Type") != "notify" || n.property("UnitFileState") != "enabled" {
		t.Errorf("state %s, type %s, %s", n.property("ActiveState"), n.property("Type"), n.property("UnitFileState"))
	}
	if status := n.try(healthcheckd, "status", "--json"); !strings.Contains(status, `healthcheckd.service/jetpack-`) || !strings.Contains(status, `"leftovers": 1`) {
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
			dir := filepath.Join(n.root, "etc/systemd/system/healthcheckd.service.d")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			text := "[Service]\nWatchdogSec=2\nRestartSec=1\n"
			if err := os.WriteFile(filepath.Join(dir, "test.conf"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			n.try("systemctl", "daemon-reload")
			n.try(healthcheckd, "restart")
			time.Sleep(5 * time.Second) // longer than the watchdog: signs of life come in time
			if restarts := n.property("NRestarts"); restarts != "0" || !n.active() {
				t.Errorf("the watchdog has bitten a healthy service: %s restarts", restarts)
			}
			i = 0
		}
		n.try("systemctl", "kill", "-s", signal, "--kill-who=main", "healthcheckd")
		want := fmt.Sprint(i + 1)
		n.await(t, "the restart after "+signal, func() bool { return n.property("NRestarts") == want && n.active() })
	}
	if out := n.try("journalctl", "-u", "healthcheckd", "--no-pager"); !strings.Contains(out, "Watchdog timeout") {
		t.Errorf("no word of the watchdog: %s", out)
	}
}

// stops: within two seconds, with a check that does not want to, and all of it.
func (n *bootedNode) stops(t *testing.T) {
	t.Helper()
	n.write(t, "config/healthcheck.d/deaf.sh", "trap '' TERM; setsid sleep 4243 & while :; do sleep 4243; done", 0o755)
	n.try(healthcheckd, "restart")
	n.await(t, "the deaf check", func() bool { return strings.Contains(n.try("pgrep", "-af", "4243"), "sleep 4243") })
	began := time.Now()
	if out := n.try(healthcheckd, "stop"); out != "" {
		t.Errorf("stop: %s", out)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("stopped after %s", took)
	}
	if left := n.try("pgrep", "-a", "sleep"); left != "" || n.property("Result") != "success" {
		t.Errorf("left behind: %q, result %s", left, n.property("Result"))
	}
	if err := os.Remove(filepath.Join(n.root, "opt/cycle/jetpack/config/healthcheck.d/deaf.sh")); err != nil {
		t.Fatal(err)
	}
}

// powersOff: the machine itself, where the administrator has said so, and not
// while a keepalive holds.
func (n *bootedNode) powersOff(t *testing.T) {
	t.Helper()
	n.write(t, "config/configuration.json", `{"cyclecloud": {"healthcheck": {"action": "poweroff", "interval": 1}}}`, 0o644)
	n.write(t, "config/healthcheck.d/bad.sh", "exit 254", 0o755)
	if out := n.try("/opt/cycle/jetpack/bin/jetpack-keepalive", "forever"); !strings.HasPrefix(out, "Kept alive forever") {
		t.Fatalf("keepalive: %s", out)
	}
	n.try(healthcheckd, "start")
	n.await(t, "the verdict", func() bool { return strings.Contains(n.try(healthcheckd, "explain"), "but a keepalive holds forever") })
	n.try("/opt/cycle/jetpack/bin/jetpack-keepalive", "--off")
	select {
	case <-n.ended:
	case <-time.After(time.Minute):
		t.Errorf("the node is still on\n%s", n.try(healthcheckd, "status"))
	}
	log, _ := os.ReadFile(filepath.Join(n.root, "opt/cycle/jetpack/logs/messages.jsonl"))
	if !bytes.Contains(log, []byte(`"evidence":true`)) || !bytes.Contains(log, []byte(`"type":"shutdown"`)) {
		t.Errorf("no evidence or no request: %s", log)
	}
}
