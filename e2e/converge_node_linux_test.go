package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jetpack.internal/e2e/booted"
)

const nodeHome = "opt/cycle/jetpack/"

// TestConvergeInANode: the unit that converges a node at boot, in the hands of
// systemd. A script reboots the machine, and the converge of the next boot
// goes on; daemons that scripts start belong to no service of ours.
// Containers that boot are for root.
func TestConvergeInANode(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("booting a node takes root: nothing tested")
		return
	}
	t.Parallel()
	n := convergingNode(t, map[string]string{
		"scripts/1-daemon.sh": "echo 1 >>/root/order\nsleep 4242 &\nsetsid -f sleep 4243\ngrep -o 'jetpack-[^ ]*' /proc/self/cgroup\n",
		"scripts/2-reboot.sh": "echo 2 >>/root/order\n[ -e /root/rebooted ] && exit 0\ntouch /root/rebooted\necho going down\nsystemctl reboot\nsleep 100\n",
		"scripts/3-last.sh":   "echo 3 >>/root/order\nsleep 4244 &\n",
		"scripts/4-quick.sh":  "#!/bin/sh\nsleep 4245 &\n", // done before anybody has looked
	})
	n.Boot(t)
	n.Must(t, "systemctl", "enable", "-q", "jetpack-converge")
	n.Must(t, "systemctl", "start", "--no-block", "jetpack-converge")
	n.AwaitEnd(t) // a container that reboots ends
	n.Boot(t)
	n.Await(t, "the converge after the reboot", func() bool { return strings.HasPrefix(n.Try("jetpack-converge", "--status"), "result   ready") })
	if got := n.Read("root/order"); got != "1\n2\n2\n3\n" {
		t.Errorf("the scripts ran in the order %q", got)
	}
	if log := n.Read(nodeHome + "logs/jetpack.log"); !strings.Contains(log, "Software configuration was stopped") && !strings.Contains(log, "was interrupted") {
		t.Errorf("no word of the reboot: %s", log)
	}
	outlives(t, n)
}

// outlives: a daemon stays whatever becomes of the unit, in a scope that ends
// with it.
func outlives(t *testing.T, n *booted.Node) {
	t.Helper()
	daemon := strings.TrimSpace(n.Must(t, "pgrep", "-f", "sleep 4244"))
	group := n.Must(t, "cat", "/proc/"+daemon+"/cgroup")
	scope := regexp.MustCompile(`jetpack-scripts-[-0-9]+\.scope`).FindString(group)
	if scope == "" || strings.Contains(group, "jetpack-converge.service") {
		t.Fatalf("the daemon lives in %q", group)
	}
	if group := n.Must(t, "sh", "-c", "cat /proc/$(pgrep -xf 'sleep 4245')/cgroup"); !strings.Contains(group, scope) || strings.Contains(group, "jetpack-converge.service") {
		t.Errorf("the daemon of a quick script lives in %q", group)
	}
	if own := n.Try("systemctl", "show", "jetpack-converge", "-p", "ControlGroup", "--value"); strings.TrimSpace(own) != "" &&
		n.Read("sys/fs/cgroup"+strings.TrimSpace(own)+"/cgroup.procs") != "" {
		t.Errorf("something is left in the unit's own group")
	}
	for _, action := range []string{"start", "restart", "stop"} {
		n.Must(t, "systemctl", action, "jetpack-converge")
		if still := strings.TrimSpace(n.Try("pgrep", "-f", "sleep 4244")); still != daemon {
			t.Errorf("after %s, the daemon %s is %q", action, daemon, still)
		}
	}
	if state := n.Property(scope, "ActiveState"); state != "active" {
		t.Errorf("the scope of the daemon is %s", state)
	}
	n.Must(t, "pkill", "-f", "sleep 424[45]")
	n.Await(t, "the end of the scope", func() bool { return n.Property(scope, "LoadState") == "not-found" })
	if left := n.Try("systemctl", "list-units", "--all", "--plain", "--no-legend", "jetpack-scripts-*"); left != "" {
		t.Errorf("scopes are left: %s", left)
	}
}

// convergingNode is a node whose unit converges project demo, with the home
// where users have it.
func convergingNode(t *testing.T, files map[string]string) *booted.Node {
	t.Helper()
	n := booted.New(t)
	makeConverging(t, n, files)
	return n
}

func makeConverging(t *testing.T, n *booted.Node, files map[string]string) {
	t.Helper()
	bin := buildPrograms(t, "jetpack", "jetpack-config", "jetpack-converge", "jetpack-download", "jetpack-log")
	programs, err := os.ReadDir(bin)
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range programs {
		text, err := os.ReadFile(filepath.Join(bin, program.Name()))
		if err != nil {
			t.Fatal(err)
		}
		n.Write(t, nodeHome+"bin/"+program.Name(), string(text), 0o755)
		if err := os.Symlink("/"+nodeHome+"bin/"+program.Name(), filepath.Join(n.Root, "usr/local/bin", program.Name())); err != nil {
			t.Fatal(err)
		}
	}
	unit, err := os.ReadFile("../packaging/node/jetpack-converge.service")
	if err != nil {
		t.Fatal(err)
	}
	n.Write(t, "etc/systemd/system/jetpack-converge.service", strings.ReplaceAll(string(unit), "@HOME@", "/"+strings.TrimSuffix(nodeHome, "/")), 0o644)
	n.Write(t, nodeHome+"config/configuration.json", `{"cyclecloud": {"cluster_init_specs": [{"project": "demo", "version": "1.0.0", "spec": "one"}]}}`, 0o640)
	n.Write(t, nodeHome+"config/lockers.json", `{"lockers": {"here": {"url": "file:///srv/locker"}}}`, 0o640)
	writeTree(t, filepath.Join(n.Root, "srv/locker/projects/demo/1.0.0/one/cluster-init"), files)
}
