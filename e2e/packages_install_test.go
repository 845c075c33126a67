//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// installTree installs the archive as a normal user, again over it, and takes
// it away. The user's files stay until they are purged.
func installTree(t *testing.T, dir string) {
	name := "jetpack-8.0.0-77-linux-" + runtime.GOARCH
	work := openFolder(t)
	asUser(t, work, "tar", "-xzf", filepath.Join(dir, name+".tar.gz"))
	installer, home := filepath.Join(work, name, "install.sh"), filepath.Join(work, "node")

	asUser(t, work, installer, "--home", home)
	configuration := filepath.Join(home, "config", "configuration.json")
	asUser(t, work, "sh", "-c", `echo '{"cyclecloud": {"node": {"name": "n1"}}}' >"$1"`, "sh", configuration)
	jetpack := filepath.Join(home, "bin", "jetpack")
	if got := asUser(t, work, jetpack, "config", "cyclecloud.node.name"); got != "n1\n" {
		t.Errorf("jetpack config: %q", got)
	}
	stale := filepath.Join(home, "share", "of-an-older-version")
	asUser(t, work, "sh", "-c", `touch "$1" && echo "$1" >>"$2"`, "sh", stale, filepath.Join(home, "system", "installed"))
	before := tree(t, home)
	asUser(t, work, installer, "--home", home)
	if _, err := os.Stat(stale); err == nil {
		t.Error("a file of the older version is left")
	}
	if after := tree(t, home); strings.ReplaceAll(before, stale+"\n", "") != after {
		t.Errorf("the second installation changed\n%s\nto\n%s", before, after)
	}
	asUser(t, work, installer, "--uninstall", "--home", home)
	if _, err := os.Stat(jetpack); err == nil {
		t.Error("a program is left")
	}
	mustExist(t, configuration)
	asUser(t, work, installer, "--home", home)
	asUser(t, work, installer, "--uninstall", "--purge", "--home", home)
	if _, err := os.Stat(home); err == nil {
		t.Errorf("left after the purge:\n%s", tree(t, home))
	}
	refusesDamage(t, work, installer, home)
}

// refusesDamage: a damaged archive, or a home that cannot be, writes nothing.
func refusesDamage(t *testing.T, work, installer, home string) {
	asUser(t, work, "sh", "-c", `echo >>"$1"`, "sh", filepath.Join(filepath.Dir(installer), "home", "bin", "jetpack-log"))
	for _, c := range []struct{ home, says string }{
		{home, "the archive is damaged"},
		{"relative", "not an absolute path"},
		{work + "/a b", "may hold letters"},
		{"/usr", "cannot be the home"},
	} {
		output, err := user(work, installer, "--home", c.home).CombinedOutput()
		if err == nil || !strings.Contains(string(output), c.says) {
			t.Errorf("--home %q: %v: %s", c.home, err, output)
		}
	}
	if _, err := os.Stat(home); err == nil {
		t.Error("a refused installation has written")
	}
}

// tree lists a folder: modes, names and checksums.
func tree(t *testing.T, dir string) string {
	return command(t, dir, "sh", "-c", "find "+dir+" | sort; find "+dir+" -printf '%M %p %l\n' | grep -v -e 'system$' -e '/share$' -e older-version | sort; find "+dir+" -type f ! -name installed ! -name '*older-version' -exec sha256sum {} + | sort")
}

// user is a command run by a user that is not root.
func user(dir, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir = dir
	c.Env = []string{"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL=C.UTF-8"}
	if os.Geteuid() == 0 {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	return c
}

func asUser(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	output, err := user(dir, name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v: %s", name, args, err, output)
	}
	return string(output)
}

// openFolder is a temporary folder that any user can reach and write to.
func openFolder(t *testing.T) string {
	dir, err := os.MkdirTemp("", "jetpack-packages-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}
