//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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
	for dir := filepath.Dir(program); dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return program
}

// compareWithOhai asks ours, Ohai, and ours again: a leaf that changed between
// our two answers moves, whatever it is.
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
	before := leaves(t, who, program)
	reference := leaves(t, who, "ohai", "-c", config)
	after := leaves(t, who, program)
	compare(t, before, reference, after, who != nil || os.Getuid() != 0)
}

// ohaiRules has Ohai compute its optional facts, and leave out the clouds',
// which would ask link-local addresses.
const ohaiRules = "ohai.optional_plugins = [:Passwd, :Sessions, :Lspci, :Sysctl, :Interrupts, :IPC, :Selinux, :Lsscsi, :Grub2]\n" +
	"ohai.disabled_plugins = [:Azure, :EC2, :GCE, :Rackspace, :Eucalyptus, :Linode, :Openstack, :DigitalOcean, :Softlayer, :Scaleway]\n"

func compare(t *testing.T, before, reference, after map[string]any, user bool) {
	t.Helper()
	c := comparison{differences: patterns(t, "ohai_differences.txt", user), volatile: patterns(t, "ohai_volatile.txt", false)}
	for _, path := range union(reference, after) {
		c.leaf(t, path, before, reference, after)
	}
	t.Logf("%d leaves of Ohai compared: %d equal, %d moving and plausible, %d different on purpose, %d wrong",
		c.equal+c.moving+c.purpose+c.wrong, c.equal, c.moving, c.purpose, c.wrong)
}

// leaves runs a program that prints a JSON tree and lists its leaves by their
// dotted paths; an empty object or list is a leaf.
func leaves(t *testing.T, who *syscall.SysProcAttr, program string, args ...string) map[string]any {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.SysProcAttr = "/", who
	if who != nil {
		cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/nonexistent", "LANG=C.UTF-8"}
	}
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

// patterns reads a file of regular expressions, one at a line's start, joined
// to one for a whole leaf. A line that begins with "user:" counts for a normal
// user only.
func patterns(t *testing.T, file string, user bool) *regexp.Regexp {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 0 && !strings.HasPrefix(line, "#") {
			if pattern, special := strings.CutPrefix(f[0], "user:"); user || !special {
				all = append(all, pattern)
			}
		}
	}
	return regexp.MustCompile("^(" + strings.Join(all, "|") + ")$")
}

type comparison struct {
	differences, volatile         *regexp.Regexp
	equal, moving, purpose, wrong int
}

func (c *comparison) leaf(t *testing.T, path string, before, reference, after map[string]any) {
	want, inOhai := reference[path]
	got, inOurs := after[path]
	earlier, wasOurs := before[path]
	same := func(a, b any) bool { return fmt.Sprintf("%T %v", a, b) == fmt.Sprintf("%T %v", b, a) }
	switch {
	case inOhai == inOurs && same(want, got), inOhai == wasOurs && same(want, earlier):
		c.equal++
	case c.differences.MatchString(path):
		c.purpose++
	case inOhai && inOurs && (c.volatile.MatchString(path) || !same(earlier, got)) && plausible(want, earlier, got):
		c.moving++
	case inOhai != inOurs && wasOurs != inOurs || inOhai != inOurs && strings.Contains(path, "neighbour_inet6"):
		c.moving++ // came or went meanwhile
	default:
		c.wrong++
		t.Errorf("%s: Ohai has %s, we have %s", path, shown(want, inOhai), shown(got, inOurs))
	}
}

func shown(value any, there bool) string {
	if !there {
		return "nothing"
	}
	text, _ := json.Marshal(value)
	return string(text)
}

var digits = regexp.MustCompile(`[0-9]+(\.[0-9]+)?`)

// plausible tells whether a moving leaf has the same type and form, and
// numbers that fit between the two of ours with room to move.
func plausible(want any, ours ...any) bool {
	for _, got := range ours {
		if fmt.Sprintf("%T", want) != fmt.Sprintf("%T", got) {
			return false
		}
	}
	w, got := fmt.Sprint(want), fmt.Sprint(ours[len(ours)-1])
	if strings.Contains(w, "-") && strings.Count(w, "-") == 4 { // a UUID
		return len(w) == len(got)
	}
	a, b := digits.FindAllString(w, -1), digits.FindAllString(got, -1)
	for i := range min(len(a), len(b)) {
		x, _ := strconv.ParseFloat(a[i], 64)
		y, _ := strconv.ParseFloat(b[i], 64)
		if len(a) == 1 && (x > 10*y+4e6 || y > 10*x+4e6) {
			return false
		}
	}
	return strings.Contains(w, " ") || digits.ReplaceAllString(w, "#") == digits.ReplaceAllString(got, "#")
}
