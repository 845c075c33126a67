package e2e

import (
	"strings"
	"testing"

	"jetpack.internal/e2e/booted"
)

// rebootingRecipe has the node restarted once.
const rebootingRecipe = `execute 'echo chef >>/root/order'
reboot 'the new kernel' do
  action :request_reboot
  reason 'a new kernel'
  not_if { File.exist?('/root/rebooted') }
end
file '/root/rebooted'
`

// TestChefRebootsANode: a recipe that has the node restarted, run by the unit at
// boot. Chef restarts it, and the converge of the next boot goes on.
func TestChefRebootsANode(t *testing.T) {
	needsRoot(t, "boot a node")
	t.Parallel()
	n := booted.NewFrom(t, booted.Ubuntu(t))
	makeConverging(t, n, map[string]string{"scripts/1.sh": "echo script >>/root/order\n"})
	n.Write(t, "srv/locker/projects/demo/1.0.0/one/chef/cookbooks/kernel/metadata.rb", "name 'kernel'\n", 0o644)
	n.Write(t, "srv/locker/projects/demo/1.0.0/one/chef/cookbooks/kernel/recipes/default.rb", rebootingRecipe, 0o644)
	n.Write(t, nodeHome+"config/configuration.json", `{"cyclecloud": {"cluster_init_specs": [{"project": "demo", "version": "1.0.0", "spec": "one", "run_list": ["recipe[kernel]"]}]}}`, 0o640)
	n.Boot(t)
	n.Must(t, "systemctl", "enable", "-q", "jetpack-converge")
	n.Must(t, "systemctl", "start", "--no-block", "jetpack-converge")
	n.AwaitEnd(t) // a container that reboots ends
	if log := n.Read(nodeHome + "logs/chef-client.log"); !strings.Contains(log, "Rebooting server at a recipe's request") {
		t.Fatalf("it was not Chef that restarted the node: %s", log)
	}
	if got := n.Read("root/order"); got != "chef\n" {
		t.Errorf("before the restart: %q", got)
	}
	n.Boot(t)
	n.Await(t, "the converge after the restart", func() bool { return strings.HasPrefix(n.Try("jetpack-converge", "--status"), "result   ready") })
	if got := n.Read("root/order"); got != "chef\nchef\nscript\n" {
		t.Errorf("the order is %q\n%s", got, n.Read(nodeHome+"logs/jetpack.log"))
	}
}
