//go:build linux

package booted

import (
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// packages are what the node has beyond a minimal Debian: systemd, and what
// starts programs without anybody logged in; what packages of ours need; rpm,
// so that those packages can be installed as well.
const packages = "systemd,systemd-sysv,dbus,procps,udev,cron,at,ca-certificates,rpm"

// Image is the root folder of a minimal Debian with systemd. It is made once,
// outside the repository, and written to by nobody.
func Image() (string, error) { return image() }

var image = sync.OnceValues(func() (string, error) {
	for program, name := range map[string]string{"debootstrap": "debootstrap", "systemd-nspawn": "systemd-container"} {
		if _, err := exec.LookPath(program); err != nil {
			return "", fmt.Errorf("%w (apt-get install %s)", err, name)
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	digest := fnv.New32a()
	digest.Write([]byte(packages))
	root := filepath.Join(cache, "jetpack", fmt.Sprintf("node-bookworm-%08x", digest.Sum32()))
	if _, err := os.Stat(root); err == nil {
		return root, nil
	}
	return root, bootstrap(root)
})

// bootstrap makes the image beside where it will be, and puts it there when it
// is whole.
func bootstrap(root string) error {
	if err := os.MkdirAll(filepath.Dir(root), 0o755); err != nil {
		return err
	}
	made, err := os.MkdirTemp(filepath.Dir(root), "making-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	out, err := exec.Command("debootstrap", "--variant=minbase", "--include="+packages, "bookworm", made).CombinedOutput()
	if err != nil {
		return fmt.Errorf("cannot make a node: %w: %s", err, strings.TrimSpace(string(out[max(0, len(out)-1000):])))
	}
	if err := os.Chmod(made, 0o755); err != nil {
		return err
	}
	if err := os.Rename(made, root); err != nil {
		if _, missing := os.Stat(root); missing == nil {
			return nil // somebody else was faster
		}
		return err
	}
	return nil
}
