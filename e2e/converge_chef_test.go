//go:build unix

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestConvergeWithChef: a cookbook that uses a role, a data bag, attributes of
// all kinds and a fact, run by the Chef client that is on the machine. Where
// there is none, the stand-in of e2e/chef runs it; TestConvergeWithRealChef has
// a real one.
func TestConvergeWithChef(t *testing.T) {
	t.Parallel()
	n := localNode(t, convergeBinary(t), nil)
	client := realChef()
	if client == "" {
		client = "the stand-in"
		command(t, ".", "install", "-D", "chef/client", n.path("home/system/embedded/bin/cinc-client"))
	}
	platform := strings.TrimSpace(command(t, ".", "ohai", "platform"))
	n.convergeChefProject(t, strings.Trim(platform, "[]\n \""), strings.HasSuffix(client, "-solo"))
	t.Logf("run by %s", client)
}

// convergeChefProject converges the project of e2e/chef on a node that has a
// client, and looks at what came of it. Chef-solo leaves no attributes.
func (n *node) convergeChefProject(t *testing.T, platform string, solo bool) {
	t.Helper()
	n.write(t, "locker/projects/demo/1.0.0/one/cluster-init/scripts/1.sh", "cat $JETPACK_HOME/../wrote\n")
	command(t, ".", "cp", "-r", "chef/project", n.path("locker/projects/demo/1.0.0/one/chef"))
	n.write(t, "home/config/configuration.json", fmt.Sprintf(`{"run_list": ["role[base]"], "writer": {"path": %q}, "cyclecloud": {"cluster": {"name": "the cluster"},
		"node": {"name": "n1"}, "cluster_init_specs": [{"project": "demo", "version": "1.0.0", "spec": "one"}]}}`, n.path("wrote")))
	out := n.mustRun(t)
	want := "from the role\nfrom the cookbook too\nfrom the data bag\nthe cluster\n" + platform + "\n"
	wrote, err := os.ReadFile(n.path("wrote"))
	if err != nil || string(wrote) != want {
		t.Fatalf("it wrote %q, %v, want %q\n%s", wrote, err, want, out)
	}
	if info, err := os.Stat(n.path("wrote")); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	if seen := readTree(t, n.path("home/logs/cluster-init"))["demo/one/scripts/1.sh.out"]; seen != want {
		t.Errorf("Chef runs before the scripts; they saw %q", seen)
	}
	tree, err := os.ReadFile(n.path("home/config/node.json"))
	if !solo && (err != nil || !strings.Contains(string(tree), `"wrote": "from the data bag"`) || !strings.Contains(string(tree), `"greeting": "from the role"`)) {
		t.Errorf("the attributes are not in node.json: %v", err)
	}
}

// realChef is a client that the programs would find by themselves.
func realChef() string {
	for _, name := range []string{"cinc-client", "chef-client", "chef-solo"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
