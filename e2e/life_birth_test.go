//go:build linux

package e2e

import (
	"fmt"
	"strings"
	"testing"

	"jetpack.internal/e2e/azurite"
)

// installs: the packages from a folder, on a machine that runs, and then what
// the server gives a node.
func (l *life) installs(t *testing.T) {
	l.Boot(t)
	l.before = inventoryOf(t, l.Root)
	l.apt(t, append([]string{"install"}, l.debs("77")...)...)
	if got := l.jetpack(t, "--version"); got != "8.0.0-77\n" {
		t.Errorf("installed %q", got)
	}
	for unit, want := range map[string]string{"healthcheckd": "enabled active running", "jetpack-converge": "enabled inactive dead", "healthcheck": "enabled active running"} {
		if got := l.Property(unit, "UnitFileState") + " " + l.Property(unit, "ActiveState") + " " + l.Property(unit, "SubState"); got != want {
			t.Errorf("%s is %s, want %s", unit, got, want)
		}
	}
	if id := l.Property("healthcheck", "Id"); id != "healthcheckd.service" {
		t.Errorf("healthcheck.service is %s", id)
	}
	if got := l.Must(t, "/opt/cycle/Jetpack/bin/jetpack", "config", "cyclecloud.node.name", "nobody yet"); got != "nobody yet\n" {
		t.Errorf("before there is a configuration: %q", got)
	}
	l.drop(t)
}

// drop lays down what a server gives a node, and what its users do.
func (l *life) drop(t *testing.T) {
	t.Helper()
	s := l.secrets
	l.Write(t, liveHome+"/config/configuration.json", fmt.Sprintf(`{"cyclecloud": {"cluster": {"name": "lab.1"},
		"node": {"name": "execute-7", "admin_password": %q}, "instance": {"id": "i-0123"},
		"cluster_init_specs": [{"project": "demo", "version": "1.0.0", "spec": "default"}]}, "mysql": {"password": %q}}`, s.tree[0], s.tree[1]), 0o640)
	l.Write(t, liveHome+"/config/connection.json", fmt.Sprintf(`{"cluster": "lab.1", "url": "https://127.0.0.1:1", "username": "node",
		"password": %q, "broker": {"url": "amqp://node:%s@%s"}}`, s.server, s.broker, l.broker.Address()), 0o640)
	l.Write(t, liveHome+"/config/lockers.json", fmt.Sprintf(`{"default": "az", "lockers": {
		"az": {"url": "az://%s/locker", "endpoint": %q, "sas": %q},
		"other": {"url": "https://127.0.0.1:1/other?sp=rl&sig=%s"}}}`, azurite.Account, l.locker.Endpoint, s.sas, s.link), 0o640)
	l.Write(t, "etc/default/healthcheckd", "INTERVAL=0.05\n", 0o644)
	l.Write(t, liveHome+"/config/healthcheck.d/gpu.sh", "#!/bin/sh\n[ ! -e /root/sick ] || { echo 'GPU has fallen off the bus'; exit 254; }\n"+
		"[ -e /root/spoke ] || { jetpack log 'from a check' && touch /root/spoke; }\n", 0o755)
	l.Write(t, "etc/cron.d/jetpack", "* * * * * root /opt/cycle/jetpack/bin/jetpack log 'from cron'\n", 0o644)
	l.project(t, map[string]string{
		"files/greeting": "hello\n",
		"scripts/10-first.sh": "cat ../files/greeting; systemctl is-active multi-user.target >>/root/order\n" +
			"echo \"$(basename \"$0\") $CYCLECLOUD_PROJECT_NAME $CYCLECLOUD_SPEC_NAME\" >>/root/order\n" +
			"setsid sleep 987654 & jetpack log 'from a script'\n",
		"scripts/20-second.sh": "basename \"$0\" >>/root/order\njetpack config cyclecloud.cluster.name >>/root/order\n",
	})
}

// convergesAtBoot: without anybody's help, after the boot and not in its way.
func (l *life) convergesAtBoot(t *testing.T) {
	l.PowerOff(t)
	l.Boot(t)
	ready := l.server.await(t, 0, "the node being ready", installation("ready"))
	all := l.server.listen(t)[:ready+1]
	var steps []string
	for _, h := range all {
		if h.kind == "installation" {
			steps = append(steps, strings.TrimSpace(h.data.Status+" "+h.data.Phase))
		}
	}
	if len(steps) < 2 || steps[0] != "started" || steps[len(steps)-1] != "ready" {
		t.Errorf("the messages of the installation: %q", steps)
	}
	first, said := l.server.await(t, 0, "the beginning", installation("started")), l.server.await(t, 0, "the script", logged("from a script"))
	if first > said || said > ready {
		t.Errorf("the script's message is number %d, between %d and %d", said, first, ready)
	}
	if all[ready].key != "installation.lab_1.execute-7" {
		t.Errorf("its routing key is %s", all[ready].key)
	}
	if got, want := l.Read("root/order"), "active\n10-first.sh demo default\n20-second.sh\nlab.1\n"; got != want {
		t.Errorf("the scripts did\n%swant\n%s", got, want)
	}
	l.Await(t, "the end of the converge", func() bool { return l.Property("jetpack-converge", "SubState") == "dead" })
	if result := l.Property("jetpack-converge", "Result"); result != "success" {
		t.Errorf("the unit ended with %s", result)
	}
	if l.Try("pgrep", "-f", "sleep 987654") == "" {
		t.Error("the script's daemon is gone")
	}
	l.Must(t, "test", "-e", "/mnt/cluster-init/.run/demo/default/scripts/10-first.sh.run")
	if got := l.Read(liveHome + "/logs/cluster-init/demo/default/scripts/10-first.sh.out"); got != "hello\n" {
		t.Errorf("its output file holds %q", got)
	}
	if status := l.jetpack(t, "converge", "--status"); !strings.Contains(status, "ready") {
		t.Errorf("the status: %s", status)
	}
	l.isPrivate(t)
}

// speaks: jetpack log and send, whoever calls them.
func (l *life) speaks(t *testing.T) {
	const log = "/opt/cycle/jetpack/bin/jetpack log "
	l.Must(t, "useradd", "-m", "-s", "/bin/bash", "-G", "cyclecloud", "member")
	l.Must(t, "useradd", "-m", "-s", "/bin/bash", "stranger")
	l.Must(t, "sh", "-c", "echo \""+log+"'from at'; echo raw | /opt/cycle/jetpack/bin/jetpack send -k raw.at -\" | at now")
	for _, c := range [][]string{
		{"su", "-", "root", "-c", "jetpack log 'from su'"}, // found by the profile's PATH
		{"env", "-i", "/bin/sh", "-c", log + "'from nowhere'"},
		{"env", "-i", "/opt/cycle/jetpack/bin/jetpack-send", "-k", "raw.nowhere", "raw"},
		{"setsid", "/opt/cycle/Jetpack/bin/jetpack-log", "without a terminal"},
	} {
		if out := l.Must(t, c...); out != "" {
			t.Errorf("%q prints %q", c, out)
		}
	}
	l.Must(t, "sh", "-c", "sleep 1", l.secrets.canary)
	for _, text := range []string{"from at", "from su", "from nowhere", "without a terminal", "from a check"} {
		l.server.await(t, 0, text, logged(text))
	}
	for _, key := range []string{"raw.at", "raw.nowhere"} {
		l.server.await(t, 0, key, func(h heard) bool { return h.key == key })
	}
	l.membersSpeak(t)
}
