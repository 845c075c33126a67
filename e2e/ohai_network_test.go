//go:build linux

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNetworkEqualsOhai compares inside a network namespace full of oddities,
// in which a normal user is root.
func TestNetworkEqualsOhai(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := filepath.Join(dir, "ohai.rb")
	write(t, config, []byte(ohaiRules))
	args := []string{"-n", "sh", "ohai_network.sh", buildFacts(t), config, dir}
	if os.Getuid() != 0 {
		args = append([]string{"-r"}, args...)
	}
	cmd := exec.Command("unshare", args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v (apt-get install iproute2 util-linux ohai ethtool)\n%s", err, out)
	}
	answer := func(name string) map[string]any {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		all := leavesOf(t, name, text)
		for path := range all {
			switch key, _, _ := strings.Cut(path, "."); key {
			case "network", "counters", "ipaddress", "ip6address", "macaddress":
			default:
				delete(all, path)
			}
		}
		return all
	}
	compare(t, answer("before"), answer("reference"), answer("after"), false)
	if out, err := os.ReadFile(filepath.Join(dir, "left-out")); err == nil {
		t.Logf("%s", out)
	}
}
