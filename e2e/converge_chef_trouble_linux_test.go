package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// chefTroubles are what an operator reads of each failure: the recipe, the
// project, where, why, and what to do.
var chefTroubles = []struct{ item, description, hint, detail string }{
	{
		"recipe[trouble::command]",
		"Failed to run Chef recipe 'trouble::command' in project 'demo' (execute[mount the share], action run): " +
			"Expected process to exit with [0], but received '2': ls: cannot access '/no/such/share': No such file or directory",
		"correct recipes/command.rb of cookbook trouble, then run `jetpack converge` again",
		"STDOUT: looking for the share",
	},
	{
		"recipe[trouble::raise]",
		"Failed to run Chef recipe 'trouble::raise' in project 'demo' (line 1: raise 'no licence server is set' unless node['licence_server']): no licence server is set",
		"Spec one, version 1.0.0: see ", "RuntimeError",
	},
	{
		"recipe[trouble::word]",
		`Failed to run Chef recipe 'trouble::word' in project 'demo' (line 2: data_bag_item('words', 'last')): 404 "Not Found"`,
		"correct recipes/word.rb of cookbook trouble", "Cookbook Trace:",
	},
	{
		"recipe[absent]", "Chef failed (return code: 1): No such cookbook: absent",
		"Check the run list (recipe[absent]) against the chef folders of the specs", "Expanded Run List:",
	},
	{
		"role[absent]", "Chef failed (return code: 1): Missing Role(s) in Run List: absent included by 'top level'",
		"Check the run list (role[absent])", "role[absent]",
	},
}

func testChefFailures(t *testing.T, r chefRoom) {
	n := r.troubled(t, "failures")
	for _, trouble := range chefTroubles {
		n.wants(t, trouble.item, "")
		status, out := n.run(t)
		if status != 1 || !strings.Contains(out, "jetpack-converge: "+trouble.description+"\n") || !strings.Contains(out, trouble.hint) || !strings.Contains(out, trouble.detail) {
			t.Errorf("%s: status %d: %s", trouble.item, status, out)
		}
		if strings.Contains(out, "\x1b") || strings.Contains(out, "stacktrace") || strings.Contains(out, "warning: ") {
			t.Errorf("%s: there is noise: %s", trouble.item, out)
		}
		if last := n.lastMessage(t); !strings.Contains(last, `"status":"failed"`) || !strings.Contains(last, quoted(trouble.description)) {
			t.Errorf("%s: the server gets %s", trouble.item, last)
		}
	}
	if _, err := os.Stat(n.path("scripted")); err == nil {
		t.Error("the scripts ran although Chef had failed")
	}
}

// quoted is a text as it stands in JSON.
func quoted(text string) string {
	out, _ := json.Marshal(text) // a string can be marshalled
	return string(out)
}

// lastMessage is the last one for the server.
func (n *node) lastMessage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(n.path("home/logs/messages.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}

// An error that the recipe ignores is not taken for the one that counts.
func testChefIgnored(t *testing.T, r chefRoom) {
	n := r.troubled(t, "ignored")
	n.wants(t, "recipe[trouble::ignored]", "")
	if status, out := n.run(t); status != 1 || !strings.Contains(out, "(file[/no/such/folder/file], action create): Parent directory /no/such/folder does not exist") {
		t.Errorf("status %d: %s", status, out)
	}
}

// A recipe that has the node restarted: the converge ends and does not try
// again, for Chef run again would put the restart off.
func testChefReboot(t *testing.T, r chefRoom) {
	n := r.troubled(t, "reboot")
	for recipe, want := range map[string][2]string{
		"reboot": {"Chef has scheduled a reboot of the node: the converge goes on after it", "Chef restarts the node"},
		"leave":  {"Chef needs a reboot of the node: the converge goes on after it", "Restart the node"},
	} {
		n.wants(t, "recipe[trouble::"+recipe+"]", "")
		status, out := n.run(t, "--retry=1h")
		if status != 75 || !strings.Contains(out, "jetpack-converge: "+want[0]+"\n") || !strings.Contains(out, "hint: "+want[1]) {
			t.Errorf("%s: status %d: %s", recipe, status, out)
		}
		if recipe == "reboot" && !strings.Contains(out, "a new kernel") {
			t.Errorf("the reason is missing: %s", out)
		}
		if last := n.lastMessage(t); !strings.Contains(last, `"status":"rebooting"`) || !strings.Contains(last, want[0]) {
			t.Errorf("%s: the server gets %s", recipe, last)
		}
	}
	if _, err := os.Stat(n.path("scripted")); err == nil {
		t.Error("the scripts ran before the restart")
	}
}

// hanging is a node whose recipe waits, until it is told by the file go; it has
// begun when the file began is there.
func (r chefRoom) hanging(t *testing.T, name string) *node {
	t.Helper()
	n := r.troubled(t, name)
	n.wants(t, "recipe[trouble::hang]", fmt.Sprintf(`"began": %q, "go": %q,`, n.path("began"), n.path("go")))
	return n
}

func (n *node) has(name string) bool {
	_, err := os.Stat(n.path(name))
	return err == nil
}

// sleepers are the processes in the room that wait for the node's licence.
func (r chefRoom) sleepers(t *testing.T, n *node) string {
	t.Helper()
	out, _ := r.Inside(t.Context(), "pgrep", "-f", n.path("go")).Output() // 1 says that there are none
	return strings.TrimSpace(string(out))
}

// A command that hangs is ended with the Chef that waits for it, although Chef
// gives it a session of its own.
func testChefHang(t *testing.T, r chefRoom) {
	n := r.hanging(t, "hang")
	n.write(t, "home/config/configuration.json", strings.Replace(n.read(t, "home/config/configuration.json"), `"chef_timeout": 120`, `"chef_timeout": 6`, 1))
	status, out := n.run(t)
	const want = "Failed to run Chef recipe 'trouble::hang' in project 'demo' (execute[wait for the licence], action run): stopped after "
	if status != 1 || !strings.Contains(out, want) || !strings.Contains(out, "or allow more time with cyclecloud.converge.chef_timeout") {
		t.Errorf("status %d: %s", status, out)
	}
	if left := r.sleepers(t, n); left != "" {
		t.Errorf("left: %s", left)
	}
}

func (n *node) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(n.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The Chef of a converge that was killed is ended by the next one, which would
// wait for it otherwise, and no second one works beside it.
func testChefKilled(t *testing.T, r chefRoom) {
	n := r.hanging(t, "killed")
	first := n.command()
	first.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return n.has("began") })
	_ = syscall.Kill(-first.Process.Pid, syscall.SIGKILL)
	first.Wait()
	if r.sleepers(t, n) == "" {
		t.Fatal("Chef died with the converge: nothing to test")
	}
	n.write(t, "go", "")
	began := time.Now()
	if out := n.mustRun(t); !strings.Contains(out, " processes that an interrupted run of Chef had left") {
		t.Errorf("no word of the Chef before, after %s: %s", time.Since(began), out)
	}
	if left := r.sleepers(t, n); left != "" || !n.has("scripted") {
		t.Errorf("left: %s", left)
	}
}
