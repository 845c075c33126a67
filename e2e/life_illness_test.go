//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// recovers: a script that fails is named to the server with what it printed;
// the project is mended in its locker, and the next try gets the node ready.
// Meanwhile the broker is away, and nothing of what is said then is lost.
func (l *life) recovers(t *testing.T) {
	so := len(l.server.listen(t))
	l.project(t, map[string]string{"scripts/30-third.sh": "echo loading\necho 'no such module: ib_uverbs' >&2\nexit 3\n"})
	l.Must(t, "systemctl", "start", "--no-block", "jetpack-converge")
	data := l.server.hears(t, so, "the failure", installation("failed")).data
	if want := "Failed to execute cluster-init script '30-third.sh' in project 'demo' (return code: 3)"; !strings.Contains(data.Description, want) {
		t.Errorf("described as %q, want %q", data.Description, want)
	}
	if !strings.Contains(data.Detail, "no such module: ib_uverbs") || data.Recommendation == "" {
		t.Errorf("detail %q, recommendation %q", data.Detail, data.Recommendation)
	}
	l.broker.Down()
	for i := range 5 {
		if out := l.jetpack(t, "log", fmt.Sprintf("while away %d", i)); out != "" {
			t.Errorf("with the broker away: %q", out)
		}
	}
	out, status := l.Run("su", "-", "member", "-c", "jetpack log 'from a member in vain'")
	if status != 75 || !strings.Contains(out, "this user cannot keep the message in /opt/cycle/jetpack/run/outbox") {
		t.Errorf("a member, with the broker away: status %d, %s", status, out)
	}
	l.project(t, map[string]string{"scripts/30-third.sh": "echo third >>/root/order\n"})
	l.Await(t, "the next try", func() bool { return strings.Contains(l.Read("root/order"), "third") })
	l.Await(t, "the end of the converge", func() bool { return l.Property("jetpack-converge", "SubState") == "dead" })
	if got := l.Read("root/order"); strings.Count(got, "10-first.sh") != 1 || strings.Count(got, "third") != 1 {
		t.Errorf("the scripts did\n%s", got)
	}
	if err := l.broker.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.server.again()
	ready := l.server.await(t, so, "the node being ready, after the outage", installation("ready"))
	l.Await(t, "the outbox being empty", func() bool { return strings.TrimSpace(l.jetpack(t, "send", "--pending")) == "" })
	next := 0
	for _, h := range l.server.listen(t)[so:] {
		if logged(fmt.Sprintf("while away %d", next))(h) {
			next++
		}
	}
	if next != 5 || ready < so {
		t.Errorf("%d of 5 messages came, in order", next)
	}
}

// checksFreely: what a check may do in a service without any hardening, it may
// do in ours.
func (l *life) checksFreely(t *testing.T) {
	const deeds = `cd "$(mktemp -d)"
try() { "$@" >/dev/null 2>&1 || echo "cannot: $*"; }
try mount -t tmpfs none . ; try umount "$PWD"
try dmesg
try su -s /bin/sh nobody -c true
try unshare --mount --pid --fork true
try touch setuid; try chmod 4755 setuid
try mkfifo fifo; try mknod null c 1 3
try sh -c 'echo 1 >/proc/self/oom_score_adj'
try nice -n -5 true; try chrt -f 1 true; try ionice -c 1 true
try hostname; try hostname "$(hostname)"
try setarch -R true
try prlimit --memlock=unlimited true
try touch /tmp/of-a-check; try touch /usr/of-a-check; try touch /root/of-a-check
try journalctl -n 1; try systemctl is-active healthcheckd
try chattr +i setuid; try chattr -i setuid
rm -f /tmp/of-a-check /usr/of-a-check /root/of-a-check
exit 0
`
	l.Write(t, "root/deeds.sh", "#!/bin/sh\n"+deeds, 0o755)
	plain := l.Must(t, "systemd-run", "--quiet", "--wait", "--pipe", "/root/deeds.sh")
	l.Write(t, liveHome+"/config/healthcheck.d/deeds.sh", "#!/bin/sh\n"+deeds, 0o755)
	var output string
	l.Await(t, "the check", func() bool {
		check, ran := l.check(t, "deeds.sh")
		output = check.Output
		return ran
	})
	if output != plain {
		t.Errorf("a check under hardening says\n%swithout\n%s", output, plain)
	}
	if err := os.Remove(filepath.Join(l.Root, liveHome, "config/healthcheck.d/deeds.sh")); err != nil {
		t.Fatal(err)
	}
	l.exposure(t)
	l.server.await(t, 0, "cron", logged("from cron"))
	if err := os.Remove(filepath.Join(l.Root, "etc/cron.d/jetpack")); err != nil {
		t.Fatal(err)
	}
}

// exposure holds the figures of docs/security.md to what systemd says.
func (l *life) exposure(t *testing.T) {
	t.Helper()
	page := readText(t, "../docs/security.md")
	for _, unit := range []string{"healthcheckd.service", "jetpack-converge.service"} {
		out := l.Try("systemd-analyze", "security", "--no-pager", unit)
		_, figure, found := strings.Cut(out, "Overall exposure level for "+unit+": ")
		figure, _, _ = strings.Cut(figure, " ")
		t.Logf("%s: exposure %s", unit, figure)
		if !found || !strings.Contains(page, "| `"+unit+"` | "+figure+" |") {
			t.Errorf("docs/security.md does not say that the exposure of %s is %s", unit, figure)
		}
	}
}

// checked is what the service knows of a check.
type checked struct {
	Name, Verdict, Output string
	Since                 time.Time
}

// check is a check as the status shows it.
func (l *life) check(t *testing.T, name string) (c checked, known bool) {
	t.Helper()
	var status struct{ Checks []checked }
	out := l.Must(t, "/opt/cycle/jetpack/bin/healthcheckd", "status", "--json")
	if err := json.Unmarshal([]byte(out), &status); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	for _, c := range status.Checks {
		if c.Name == name {
			return c, true
		}
	}
	return checked{}, false
}

// fallsIll: a check says 254. A keepalive holds the node until it has run out;
// then the server gets the evidence and the request, and ends the node.
func (l *life) fallsIll(t *testing.T) {
	so := len(l.server.listen(t))
	l.jetpack(t, "keepalive", "20s", "--reason", "looking into it")
	ends := time.Now().Add(20 * time.Second)
	l.Write(t, "root/sick", "", 0o644)
	withheld := l.server.await(t, so, "the illness", func(h heard) bool { return h.kind == "health" && h.data.Decision == "withheld" })
	if time.Now().After(ends) {
		t.Fatal("the machine is too slow: the keepalive was over before the first report")
	}
	evidence := l.server.await(t, withheld, "the evidence", func(h heard) bool { return h.data.Evidence })
	if now := time.Now(); now.Before(ends) {
		t.Errorf("the evidence came %s before the keepalive's end", ends.Sub(now))
	}
	request := l.server.await(t, so, "the request", func(h heard) bool { return h.kind == "shutdown" })
	all := l.server.listen(t)
	if request < evidence || all[request].data.Reason != "unhealthy" || all[request].key != "shutdown.lab_1.execute-7" {
		t.Errorf("the request is number %d after the evidence %d: %s", request, evidence, all[request].raw)
	}
	tells := func(h heard) bool {
		return h.kind == "log" && h.data.Level == "error" && strings.Contains(h.data.Message, "GPU has fallen off the bus")
	}
	if count(all[so:request], tells) != 1 {
		t.Error("no log message tells what is wrong, before the request")
	}
	l.PowerOff(t)
}

// comesBack: another boot of the same disk, as after a redeployment. What was
// done stays done, what was known stays known, and what was promised holds.
func (l *life) comesBack(t *testing.T) {
	so, order := len(l.server.listen(t)), l.Read("root/order")
	l.Boot(t)
	l.Must(t, "/opt/cycle/jetpack/bin/jetpack", "keepalive", "forever")
	l.server.await(t, so, "the node being ready again", installation("ready"))
	if got := l.Read("root/order"); got != order {
		t.Errorf("scripts ran again:\n%s", got)
	}
	gpu, known := l.check(t, "gpu.sh")
	if !known || gpu.Verdict != "unhealthy" || !strings.Contains(gpu.Output, "fallen off") {
		t.Errorf("after the reboot: %+v", gpu)
	}
	l.PowerOff(t)
	l.Boot(t)
	l.Await(t, "the service", func() bool { return l.Property("healthcheckd", "ActiveState") == "active" })
	if out := l.jetpack(t, "keepalive", "--status"); !strings.Contains(out, "forever") {
		t.Errorf("the keepalive did not outlive the reboot: %s", out)
	}
	if again, _ := l.check(t, "gpu.sh"); !again.Since.Equal(gpu.Since) || again.Since.IsZero() {
		t.Errorf("unhealthy since %s, before the reboot it was since %s", again.Since, gpu.Since)
	}
	if err := os.Remove(filepath.Join(l.Root, "root/sick")); err != nil {
		t.Fatal(err)
	}
	l.jetpack(t, "keepalive", "--off")
	l.Await(t, "the recovery", func() bool { c, _ := l.check(t, "gpu.sh"); return c.Verdict == "healthy" })
	l.server.await(t, so, "the recovery", func(h heard) bool { return h.kind == "health" && h.data.Verdict == "healthy" })
}
