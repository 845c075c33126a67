//go:build linux

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"jetpack.internal/e2e/azurite"
	"jetpack.internal/e2e/booted"
	"jetpack.internal/e2e/rabbitmq"
)

// life is a node from its installation to its end, with the server it reports
// to and the locker its projects come from.
type life struct {
	*booted.Node
	broker  *rabbitmq.Broker
	server  *audience
	locker  *azurite.Server
	secrets *secrets
	before  inventory // of the machine before anything was installed
}

// chapters of a node's life, in order: each begins where the one before ended.
var chapters = []struct {
	title string
	tell  func(*life, *testing.T)
}{
	{"a new machine installs the packages", (*life).installs},
	{"folders and files are for those they are for", (*life).isPrivate},
	{"its boot converges it", (*life).convergesAtBoot},
	{"messages come from everywhere", (*life).speaks},
	{"a broken project is named, mended and tried again, with the broker away", (*life).recovers},
	{"hardening breaks no check", (*life).checksFreely},
	{"it falls ill, is kept alive for a while, and is terminated", (*life).fallsIll},
	{"it comes back as it was", (*life).comesBack},
	{"it is upgraded in the middle of a check and of a converge", (*life).isUpgraded},
	{"what the administrator masked stays masked", (*life).obeysMasks},
	{"the packages are removed, and installed again", (*life).isRemoved},
	{"the packages are purged, and nothing is left", (*life).isPurged},
	{"no secret has left its file", (*life).toldNoSecret},
}

// liveWith has machines live with the packages of two builds, each in its way.
func liveWith(t *testing.T, packages string) {
	if os.Geteuid() != 0 {
		t.Log("booting a node takes root: nobody lives with the packages")
		return
	}
	t.Run("life", func(t *testing.T) { t.Parallel(); liveLife(t, packages) })
	t.Run("rpm life", func(t *testing.T) { t.Parallel(); liveWithRPM(t, packages) })
	t.Run("archive life", func(t *testing.T) { t.Parallel(); liveWithArchive(t, packages) })
	t.Run("ubuntu life", func(t *testing.T) { t.Parallel(); liveOnUbuntu(t, packages) })
}

// liveLife plays the whole life of a node on a booted Debian, with a real
// broker and a real blob store beside it.
func liveLife(t *testing.T, packages string) {
	l := beginLife(t, packages)
	for i, chapter := range chapters {
		if !t.Run(fmt.Sprintf("%02d %s", i+1, chapter.title), func(t *testing.T) { chapter.tell(l, t) }) {
			l.narrate(t)
			return
		}
	}
}

func beginLife(t *testing.T, packages string) *life {
	l := &life{Node: booted.New(t), broker: startBroker(t), locker: azurite.Start(t), secrets: newSecrets()}
	l.Heard = l.secrets.overhear
	control := func(args ...string) {
		if _, err := l.broker.Control(t.Context(), args...); err != nil {
			t.Fatal(err)
		}
	}
	control("add_user", "node", l.secrets.broker)
	control("set_permissions", "node", ".*", ".*", ".*")
	l.server = hear(t, l.broker)
	l.locker.Make(t, "locker")
	l.secrets.watch(t)
	for _, build := range []string{"77", "78"} {
		bring(t, l.Node, packages, build, "_"+runtime.GOARCH+".deb", "_all.deb")
	}
	return l
}

// narrate tells how things stand in the node, after a chapter that failed.
func (l *life) narrate(t *testing.T) {
	var said strings.Builder
	for _, args := range [][]string{
		{"systemctl", "status", "--no-pager", "-n", "0", "healthcheckd", "jetpack-converge"},
		{"journalctl", "--no-pager", "-n", "40", "-u", "healthcheckd", "-u", "jetpack-converge"},
		{"/opt/cycle/jetpack/bin/jetpack", "converge", "--status"},
		{"/opt/cycle/jetpack/bin/healthcheckd", "status"},
		{"sh", "-c", "tail -n 30 /opt/cycle/jetpack/logs/*.log; ls -l /opt/cycle/jetpack/run/outbox"},
	} {
		fmt.Fprintf(&said, "--- %s\n%s\n", strings.Join(args, " "), l.Try(args...))
	}
	fmt.Fprintf(&said, "--- what the server has heard\n%s", l.server.story())
	t.Logf("where the node stands:\n%s", &said)
}

// bring copies packages of a build with these suffixes into a node, and gives
// what they are called there.
func bring(t *testing.T, n *booted.Node, packages, build string, suffixes ...string) (names []string) {
	t.Helper()
	for _, suffix := range suffixes {
		found, _ := filepath.Glob(filepath.Join(packages, build, "*"+suffix))
		for _, path := range found {
			name := filepath.Join("/root/packages", build, filepath.Base(path))
			n.Write(t, name, readText(t, path), 0o644)
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		t.Fatalf("no packages of build %s", build)
	}
	return names
}

// debs are the packages of a node of a build, as they lie in the node.
func (l *life) debs(build string) []string {
	names, _ := filepath.Glob(filepath.Join(l.Root, "root/packages", build, "*.deb"))
	for i := range names {
		names[i] = strings.TrimPrefix(names[i], l.Root)
	}
	return names
}

// apt runs apt-get without a network or questions.
func (l *life) apt(t *testing.T, args ...string) string {
	t.Helper()
	return l.Must(t, append([]string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q", "-o", "Acquire::http::Proxy=http://127.0.0.1:1"}, args...)...)
}

const liveHome = "opt/cycle/jetpack"

// jetpack runs a command of the node's that must succeed without a complaint.
func (l *life) jetpack(t *testing.T, args ...string) string {
	t.Helper()
	return l.Must(t, append([]string{"/opt/cycle/jetpack/bin/jetpack"}, args...)...)
}

// project uploads files of the node's project.
func (l *life) project(t *testing.T, files map[string]string) {
	t.Helper()
	for name, text := range files {
		l.locker.Put(t, "locker", "projects/demo/1.0.0/default/cluster-init/"+name, []byte(text))
	}
}
