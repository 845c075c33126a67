//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	accounts "os/user"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestFactsEqualOhai walks every leaf of the real Ohai's output, its optional
// plugins included, and of the facts: presence, type and value are the same.
func TestFactsEqualOhai(t *testing.T) {
	facts := buildFacts(t)
	t.Run("as it is", func(t *testing.T) { compareWithOhai(t, facts, nil) })
	if os.Getuid() == 0 {
		nobody := &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		t.Run("normal user", func(t *testing.T) { compareWithOhai(t, facts, nobody) })
	}
}

func buildFacts(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "ohai_facts")
	build := exec.Command("go", "build", "-o", program, "./ohai_facts")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("cannot build ohai_facts: %v\n%s", err, out)
	}
	open(t, filepath.Dir(program))
	return program
}

// open lets other users into a folder that t.TempDir has made.
func open(t *testing.T, dir string) {
	t.Helper()
	for _, path := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// compareWithOhai asks ours, Ohai, and ours again: a leaf that changed between
// our two answers moves, whatever it is. What is wrong must be wrong again:
// other tests make interfaces and mounts that come and go.
func compareWithOhai(t *testing.T, program string, who *syscall.SysProcAttr) {
	for _, tool := range []string{"ohai", "ethtool", "lspci", "lsscsi", "sestatus", "dmidecode", "lsb_release", "systemd-path"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%v: apt-get install ohai ethtool pciutils lsscsi policycoreutils dmidecode lsb-release systemd", err)
		}
	}
	config := filepath.Join(filepath.Dir(program), "ohai.rb")
	if err := os.WriteFile(config, []byte(ohaiRules), 0o644); err != nil {
		t.Fatal(err)
	}
	for attempt := 1; ; attempt++ {
		before := leaves(t, who, program)
		reference := leaves(t, who, "ohai", "-c", config)
		after := leaves(t, who, program)
		normal := who != nil || os.Getuid() != 0
		if c := compared(t, before, reference, after, normal); len(c.wrong) == 0 || attempt == 3 {
			compare(t, before, reference, after, normal)
			return
		}
	}
}

// ohaiRules has Ohai compute its optional facts, and leave out the clouds',
// which would ask link-local addresses.
const ohaiRules = "ohai.optional_plugins = [:Passwd, :Sessions, :Lspci, :Sysctl, :Interrupts, :IPC, :Selinux, :Lsscsi, :Grub2]\n" +
	"ohai.disabled_plugins = [:Azure, :EC2, :GCE, :Rackspace, :Eucalyptus, :Linode, :Openstack, :DigitalOcean, :Softlayer, :Scaleway]\n"

// leaves runs a program that prints a JSON tree and lists its leaves by their
// dotted paths; an empty object or list is a leaf.
func leaves(t *testing.T, who *syscall.SysProcAttr, program string, args ...string) map[string]any {
	t.Helper()
	// By a shell, as scripts do: a Go program raises its limit of open files,
	// and OPEN_MAX is taken from the parent.
	cmd := exec.Command("/bin/sh", append([]string{"-c", `"$@"; exit $?`, "sh", program}, args...)...)
	cmd.Dir, cmd.SysProcAttr = "/", who
	home := "/nonexistent" // of nobody
	if who == nil {
		me, err := accounts.Current()
		if err != nil {
			t.Fatal(err)
		}
		home = me.HomeDir
	}
	// The facts do not depend on who calls, and Ohai's are not to either.
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + home, "LANG=C.UTF-8"}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, complaints.String())
	}
	return leavesOf(t, program, out)
}

func leavesOf(t *testing.T, program string, text []byte) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		t.Fatalf("%s prints no JSON: %v", program, err)
	}
	found := map[string]any{}
	walk("", tree, found)
	return found
}

func walk(path string, value any, found map[string]any) {
	if object, ok := value.(map[string]any); ok && len(object) > 0 {
		for key, child := range object {
			walk(strings.TrimPrefix(path+"."+key, "."), child, found)
		}
		return
	}
	found[path] = value
}

func union(a, b map[string]any) (paths []string) {
	for path := range a {
		paths = append(paths, path)
	}
	for path := range b {
		if _, both := a[path]; !both {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}
