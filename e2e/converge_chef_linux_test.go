package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"jetpack.internal/e2e/booted"
)

// chefRoom is a room with a real Chef, and the programs beside it.
type chefRoom struct {
	*booted.Room
	dir, bin string
}

// TestConvergeWithRealChef converges nodes with Cinc 15, a build of Chef, in the
// root folder that .ci/setup-ubuntu has laid out.
func TestConvergeWithRealChef(t *testing.T) {
	needsRoot(t, "run Chef in a root folder of its own")
	t.Parallel()
	room := openChefRoom(t)
	for name, test := range map[string]func(*testing.T, chefRoom){
		"project": func(t *testing.T, r chefRoom) { r.node(t, "project").convergeChefProject(t, "ubuntu", false) },
		"solo":    testChefSolo, "duplicates": testChefDuplicates, "levels": testChefLevels, "failures": testChefFailures,
		"ignored": testChefIgnored, "reboot": testChefReboot, "hang": testChefHang, "killed": testChefKilled,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, room) })
	}
}

func openChefRoom(t *testing.T) chefRoom {
	t.Helper()
	image := booted.Ubuntu(t)
	r := chefRoom{dir: t.TempDir(), bin: buildPrograms(t, "jetpack-config", "jetpack-converge")}
	r.Room = booted.NewRoom(t, image, r.dir, r.bin)
	return r
}

// node is one in the room, with a locker and nothing in it.
func (r chefRoom) node(t *testing.T, name string) *node {
	t.Helper()
	n := &node{dir: filepath.Join(r.dir, name), binary: filepath.Join(r.bin, "jetpack-converge")}
	n.within = func(args ...string) *exec.Cmd { return r.Inside(t.Context(), args...) }
	n.write(t, "home/config/lockers.json", fmt.Sprintf(`{"lockers": {"here": {"url": "file://%s"}}}`, n.path("locker")))
	return n
}

// troubled is a node with the cookbook of troubles and one script.
func (r chefRoom) troubled(t *testing.T, name string) *node {
	t.Helper()
	n := r.node(t, name)
	n.write(t, "locker/projects/demo/1.0.0/one/cluster-init/scripts/1.sh", "touch $JETPACK_HOME/../scripted\n")
	command(t, ".", "cp", "-r", "chef/trouble", n.path("locker/projects/demo/1.0.0/one/chef"))
	return n
}

// wants configures the node to run something, with more members.
func (n *node) wants(t *testing.T, runList, more string, specs ...string) {
	t.Helper()
	list := `{"project": "demo", "version": "1.0.0", "spec": "one"}`
	for _, spec := range specs {
		list += fmt.Sprintf(`, {"project": "demo", "version": "1.0.0", "spec": %q}`, spec)
	}
	n.write(t, "home/config/configuration.json", fmt.Sprintf(`{"run_list": [%q], %s "cyclecloud": {"node": {"name": "n1"}, "converge": {"chef_timeout": 120}, "cluster_init_specs": [%s]}}`, runList, more, list))
}

// config is what jetpack config says.
func (r chefRoom) config(t *testing.T, n *node, args ...string) string {
	t.Helper()
	c := r.Inside(t.Context(), append([]string{filepath.Join(r.bin, "jetpack-config")}, args...)...)
	c.Env = append(c.Env, "JETPACK_HOME="+n.path("home"))
	out, err := c.CombinedOutput()
	if err != nil {
		t.Errorf("config %q: %v: %s", args, err, out)
	}
	return strings.TrimSuffix(string(out), "\n")
}

func testChefSolo(t *testing.T, r chefRoom) {
	n := r.node(t, "solo")
	client := n.path("home/system/embedded/bin/chef-solo")
	if err := os.MkdirAll(filepath.Dir(client), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/usr/bin/chef-solo", client); err != nil {
		t.Fatal(err)
	}
	n.convergeChefProject(t, "ubuntu", true)
	n.write(t, "locker/projects/demo/1.0.0/one/chef/cookbooks/writer/recipes/default.rb", "raise 'not today'\n")
	if status, out := n.run(t); status != 1 || !strings.Contains(out, "Failed to run Chef recipe 'writer::default' in project 'demo' (line 1: raise 'not today'): not today") {
		t.Errorf("chef-solo fails: status %d: %s", status, out)
	}
}

// A cookbook and a role that two specs hold come from the later one, whole.
func testChefDuplicates(t *testing.T, r chefRoom) {
	n := r.node(t, "duplicates")
	for _, spec := range []string{"one", "two"} {
		chef := "locker/projects/demo/1.0.0/" + spec + "/chef/"
		n.write(t, chef+"roles/base.json", `{"name": "base", "default_attributes": {"role": "`+spec+`"}, "run_list": ["recipe[who]"]}`)
		n.write(t, chef+"cookbooks/who/metadata.rb", "name 'who'\n")
		n.write(t, chef+"cookbooks/who/attributes/"+spec+".rb", "default['attributes']['"+spec+"'] = true\n")
		n.write(t, chef+"cookbooks/who/recipes/default.rb", "file '"+n.path("who")+"' do\n  content \"cookbook "+spec+", role #{node['role']}, #{node['attributes'].to_h}\"\nend\n")
	}
	n.wants(t, "role[base]", "", "two")
	out := n.mustRun(t)
	if who, _ := os.ReadFile(n.path("who")); string(who) != `cookbook two, role two, {"two"=>true}` {
		t.Errorf("it is %s\n%s", who, out)
	}
	for _, name := range []string{"cookbooks/who", "roles/base.json"} {
		if !strings.Contains(out, "warning: more than one spec holds Chef's "+name+": the last one counts") {
			t.Errorf("no word of %s: %s", name, out)
		}
	}
}

// What node.json has of Chef's attributes is what Chef itself makes of their
// levels.
func testChefLevels(t *testing.T, r chefRoom) {
	n := r.troubled(t, "levels")
	n.wants(t, "recipe[trouble::levels]", fmt.Sprintf(`"merged": %q, "configured": "by hand",`, n.path("merged")))
	out := n.mustRun(t)
	read := func(name string) (tree map[string]any) {
		t.Helper()
		text, err := os.ReadFile(n.path(name))
		if err == nil {
			err = json.Unmarshal(text, &tree)
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return tree
	}
	merged, node := read("merged"), read("home/config/node.json")
	if len(merged) < 30 || merged["configured"] != "by a recipe" || merged["recipes"] == nil {
		t.Fatalf("Chef has %v", merged)
	}
	for key, want := range read("home/run/chef/kept.json") {
		if !reflect.DeepEqual(merged[key], want) {
			t.Errorf("%s: Chef has %v, kept is %v", key, merged[key], want)
		}
		delete(merged, key)
	}
	if len(merged) > 0 {
		t.Errorf("not kept: %v", merged)
	}
	levels, _ := node["levels"].(map[string]any)
	if levels["who"] != "override" || levels["default"] != 2.0 || node["configured"] != "by hand" {
		t.Errorf("node.json has %v, configured %v", levels, node["configured"])
	}
	for key, want := range map[string]string{"levels.who": "override", "levels.normal": "1.5", "levels.list": "[3]", "levels.deep.a.c.d": "True",
		"levels.large": "1180591620717411303424", "configured": "by hand", "recipes": "['trouble::levels']"} {
		if got := r.config(t, n, key); got != want {
			t.Errorf("config %s says %q, want %q", key, got, want)
		}
	}
}
