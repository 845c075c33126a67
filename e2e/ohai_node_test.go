//go:build linux

package e2e

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"jetpack.internal/e2e/booted"
)

// TestFactsEqualOhaiInNode compares inside a Debian node that systemd boots
// in a container. Its root folder is made once, outside the repository, and
// written to by nobody: the node runs on an overlay. Only root can boot one.
func TestFactsEqualOhaiInNode(t *testing.T) {
	needsRoot(t, "boot a node")
	shared := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(shared, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program, err := os.ReadFile(buildFacts(t))
	if err != nil {
		t.Fatal(err)
	}
	put("ohai_facts", string(program))
	put("ohai.rb", ohaiRules)
	put("compare.sh", "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8\ncd /\n"+
		"/shared/ohai_facts > /shared/before\nohai -c /shared/ohai.rb > /shared/reference\n/shared/ohai_facts > /shared/after\n"+
		"systemctl poweroff --force --force\n")
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	boot, leave, err := booted.Container(ctx, "-D", nodeRoot(t), "--volatile=overlay", "--bind="+shared+":/shared", "--boot")
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	console, _ := boot.CombinedOutput() // its status tells of the poweroff too
	read := func(name string) map[string]any {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(shared, name))
		if err != nil || len(text) == 0 {
			t.Fatalf("the node leaves no %s (%v): %s", name, err, console)
		}
		return leavesOf(t, name, text)
	}
	reference := read("reference")
	if _, known := reference["etc.passwd.ada.uid"]; !known {
		t.Error("the node's directory service is not asked")
	}
	compare(t, read("before"), reference, read("after"), false)
}

// nodeHas is what is installed in the node: what boots it, Ohai and the
// programs that Ohai asks, and a directory service, which is a file here.
const nodeHas = "systemd,systemd-sysv,dbus,procps,iproute2,kmod,bsdextrautils,ohai,ethtool,pciutils,lsscsi,policycoreutils,dmidecode,lsb-release,libnss-extrausers"

// nodeFiles compares once the node is up, and gives it accounts that only its
// directory service knows.
var nodeFiles = map[string]string{
	"etc/systemd/system/compare.service": "[Unit]\nAfter=dbus.service systemd-user-sessions.service\n" +
		"[Service]\nType=oneshot\nExecStart=/bin/sh /shared/compare.sh\n",
	"etc/nsswitch.conf":         "passwd: files extrausers\ngroup: files extrausers\nshadow: files\nhosts: files dns\n",
	"var/lib/extrausers/passwd": "ada:x:4711:4700:Ada Lovelace,,,:/shared/home/ada:/bin/bash\nroot:x:0:0:again:/:/bin/sh\n",
	"var/lib/extrausers/group":  "scientists:x:4700:ada,root\n",
}

// nodeRoot is the root folder of a minimal Debian, named after what is in it.
func nodeRoot(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	sum := fnv.New32a()
	fmt.Fprint(sum, nodeHas, nodeFiles)
	root := filepath.Join(cache, "jetpack", fmt.Sprintf("node-ohai-%08x", sum.Sum32()))
	if _, err := os.Stat(root); err == nil {
		return root
	}
	unfinished := root + ".unfinished"
	if err := os.MkdirAll(filepath.Dir(root), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(unfinished); err != nil { // of a run that was cut short
		t.Fatal(err)
	}
	make := exec.Command("debootstrap", "--variant=minbase", "--include="+nodeHas, "bookworm", unfinished)
	if out, err := make.CombinedOutput(); err != nil {
		t.Fatalf("cannot make a node: %v (apt-get install debootstrap systemd-container)\n%s", err, out)
	}
	for name, text := range nodeFiles {
		write(t, filepath.Join(unfinished, name), []byte(text))
		if err := os.Chmod(filepath.Join(unfinished, name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../compare.service", filepath.Join(unfinished, "etc/systemd/system/multi-user.target.wants/compare.service")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(unfinished, root); err != nil {
		t.Fatal(err)
	}
	return root
}
