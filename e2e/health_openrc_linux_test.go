package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jetpack.internal/e2e/booted"
)

// underOpenRC makes a root folder of the node's image with OpenRC in it, as its
// first process would leave it, and plays a script there.
const underOpenRC = `
image=$1 openrc=$2 bin=$3
mount -t tmpfs none /mnt && mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay none -o "lowerdir=$openrc:$image,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/root
cd /mnt/root
mkdir -p opt/cycle/jetpack/bin opt/cycle/jetpack/config/healthcheck.d
cp "$bin/healthcheckd" opt/cycle/jetpack/bin/
echo 'setsid sleep 4242 & exit 0' >opt/cycle/jetpack/config/healthcheck.d/fine.sh
mount -t proc proc proc; mount --rbind /dev dev; mount -t tmpfs none run; mount -t tmpfs none tmp
touch etc/insserv.conf; mkdir -p etc/runlevels/default
for folder in starting started stopping inactive wasinactive failed hotplugged daemons options exclusive scheduled tmp; do
	mkdir -p run/openrc/$folder
done
printf default >run/openrc/softlevel
echo 'rc_sys="lxc"' >>etc/rc.conf
printf %s "$4" >root/life
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin JETPACK_IMDS_ENDPOINT=none chroot . sh /root/life
`

// lifeUnderOpenRC is the life of the service in the hands of OpenRC.
const lifeUnderOpenRC = `
H=/opt/cycle/jetpack/bin/healthcheckd
say() { echo "== $*"; }
running() { "$H" status --json | grep -q '"running": true'; }
await() { for i in $(seq 300); do "$@" && return; sleep 0.1; done; echo "not in time: $*"; }

say install; "$H" install; ls /etc/runlevels/default
say start; "$H" start
await running
rc-service healthcheckd status
pgrep -fa 'healthcheckd (--start|run)' | cut -d' ' -f2-4
first=$(pgrep -f 'bin/healthcheckd run'); [ "$first" ] || exit
say kill; kill -9 $first
await sh -c 'p=$(pgrep -f "bin/healthcheckd run" | head -n 1) && [ "$p" != '$first' ]'
await running
say restart; "$H" restart
await running
say stop; "$H" stop
rc-service healthcheckd status; echo $?
pgrep -fa 'healthcheckd|sleep'
say uninstall; "$H" start; "$H" uninstall
pgrep -fa 'bin/healthcheckd'
ls /etc/init.d | grep healthcheckd; ls /etc/runlevels/default
say end
`

func TestHealthServiceUnderOpenRC(t *testing.T) {
	needsRoot(t, "mount a node's root folder")
	t.Parallel()
	image, err := booted.Image()
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	openrc := filepath.Join(cache, "jetpack", "openrc")
	if _, err := os.Stat(filepath.Join(openrc, "usr/sbin/openrc-run")); err != nil {
		t.Fatalf("%v (.ci/setup unpacks Debian's package openrc there)", err)
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", underOpenRC, "sh",
		image, openrc, buildPrograms(t, "healthcheckd"), lifeUnderOpenRC)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v", err)
	}
	var got []string
	for line := range strings.Lines(string(out)) {
		// Debian's OpenRC looks into folders of SysV that are not there.
		if !strings.HasPrefix(line, "scandir: ") {
			got = append(got, line)
		}
	}
	const want = `== install
healthcheckd
== start
 * status: started
supervise-daemon healthcheckd --start
/opt/cycle/jetpack/bin/healthcheckd run
== kill
== restart
== stop
 * status: stopped
3
== uninstall
== end
`
	if text := strings.Join(got, ""); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}
