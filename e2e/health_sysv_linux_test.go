package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// withoutSystemd is the life of the service where init scripts are all there
// is: the same Debian, with another first process and no trace of systemd's.
const withoutSystemd = `
mount -t tmpfs none /run
H=/opt/cycle/jetpack/bin/healthcheckd
say() { echo "== $*"; }
running() { "$H" status --json | grep -q '"running": true'; }
await() { for i in $(seq 300); do "$@" && return; sleep 0.1; done; echo "not in time: $*"; }

say install; "$H" install
say twice; "$H" install; echo $?
grep -l INIT /etc/rc2.d/*healthcheckd /etc/rc6.d/*healthcheckd
say start; "$H" start
await running
service healthcheckd status
say again; service healthcheckd start
first=$(pgrep -f 'healthcheckd run')
say kill; kill -9 $first
await sh -c 'p=$(pgrep -f "healthcheckd run") && [ "$p" != '$first' ]'
await running
say restart; "$H" restart
await running
say stop; "$H" stop
service healthcheckd status; echo $?
pgrep -fa 'healthcheckd|sleep'
say broken; mv /opt/cycle/jetpack/run /opt/cycle/jetpack/away; echo > /opt/cycle/jetpack/run
service healthcheckd start; echo $?
rm /opt/cycle/jetpack/run; mv /opt/cycle/jetpack/away /opt/cycle/jetpack/run
say uninstall; "$H" start; "$H" uninstall
pgrep -fa healthcheckd
ls /etc/init.d/healthcheckd /etc/rc?.d/*healthcheckd 2>/dev/null
say end
`

// runsUnderSysV plays that in a booted node, beside its systemd.
func (n *bootedNode) runsUnderSysV(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(n.Root, "root/sysv.sh"), []byte(withoutSystemd), 0o755); err != nil {
		t.Fatal(err)
	}
	got := n.Try("unshare", "--mount", "--pid", "--fork", "--mount-proc", "sh", "/root/sysv.sh")
	want := `== install
== twice
healthcheckd: cannot install the service: Init already exists: /etc/init.d/healthcheckd
1
/etc/rc2.d/S50healthcheckd
/etc/rc6.d/K02healthcheckd
== start
Running (pid N)
== again
Already running (pid N)
== kill
== restart
== stop
Stopped
3
== broken
Cannot start healthcheckd:
`
	got = numbers(got)
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant first\n%s", got, want)
	}
	if !strings.HasSuffix(got, "1\n== uninstall\n== end\n") {
		t.Errorf("got in the end\n%s", got)
	}
	if err := os.RemoveAll(filepath.Join(n.Root, "opt/cycle/jetpack/run")); err != nil {
		t.Fatal(err)
	}
}

// numbers replaces the numbers of processes.
func numbers(text string) string {
	parts := strings.Split(text, "(pid ")
	for i := range parts[1:] {
		_, rest, _ := strings.Cut(parts[i+1], ")")
		parts[i+1] = "N)" + rest
	}
	return strings.Join(parts, "(pid ")
}
