//go:build linux

package booted

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Ubuntu is the root folder of an Ubuntu 20.04, the oldest system that nodes
// still run, with a systemd of its own and a Chef. .ci/setup-ubuntu lays it out;
// where that cannot reach Ubuntu's archive the test is skipped for that reason.
// It is written to by nobody.
func Ubuntu(t testing.TB) (root string) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	root = filepath.Join(cache, "jetpack", "ubuntu-focal")
	if _, err := os.Stat(root); err != nil {
		if why, err := os.ReadFile(root + ".missing"); err == nil {
			t.Skip("there is no Ubuntu: " + strings.TrimSpace(string(why)))
		}
		t.Fatal(fmt.Errorf("%w (.ci/setup-ubuntu lays it out)", err))
	}
	return root
}
