//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"jetpack.internal/shared/facts"
)

// TestRecordedMachinesEqualOhai runs Ohai's own plugins, as far as they only
// read files, on the recorded machines, whose goldens the facts equal.
func TestRecordedMachinesEqualOhai(t *testing.T) {
	files, err := filepath.Glob("../shared/facts/testdata/machines/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded machines: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			root := t.TempDir()
			var machine struct {
				Uname struct{ Release, Machine string }
			}
			for _, f := range archive.Files {
				write(t, filepath.Join(root, f.Name), f.Data)
				if f.Name == "machine.json" {
					if err := json.Unmarshal(f.Data, &machine); err != nil {
						t.Fatal(err)
					}
				}
			}
			golden, err := os.ReadFile(strings.TrimSuffix(file, "txtar") + "json")
			if err != nil {
				t.Fatal(err)
			}
			want := leavesOf(t, "ohai", runRuby(t, "ohai_recorded.rb", root, machine.Uname.Release, "OsRelease", "OS", "Platform", "Memory", "CPU",
				"Mdadm", "Machineid", "Uptime", "InitPackage", "Shells", "Keys", "SSHHostKey", "BlockDevice", "Interrupts", "DMI", "Virtualization",
				"Network", "NetworkAddresses", "Packages", "Docker", "VMware", "Virtualbox", "Zpools", "Languages", "C", "Go", "Rust", "Haskell", "Scala",
				"Mono", "Python", "Perl", "Nodejs", "Lua", "PHP", "Java", "Groovy", "Elixir", "Erlang", "Ruby"))
			compareRecorded(t, want, leavesOf(t, "golden", golden), machine.Uname.Machine)
		})
	}
}

func runRuby(t *testing.T, script string, args ...string) []byte {
	t.Helper()
	var complaints bytes.Buffer
	cmd := exec.Command("/usr/bin/ruby", append([]string{script}, args...)...)
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v (apt-get install ohai)\n%s", err, complaints.String())
	}
	if text := complaints.String(); text != "" {
		t.Logf("Ohai's own failures: %s", text)
	}
	return out
}

func compareRecorded(t *testing.T, want, got map[string]any, machine string) {
	t.Helper()
	sections := []string{"os_release", "platform", "platform_family", "platform_version", "memory", "cpu", "machine_id", "uptime", "uptime_seconds",
		"idletime", "idletime_seconds", "init_package", "shells", "keys", "block_device", "mdadm", "interrupts", "virtualization", "docker", "vmware",
		"virtualbox", "zpools", "languages"}
	if _, asked := want["packages"]; !asked { // an empty object: its program is not recorded
		sections = append(sections, "packages")
	}
	if _, recorded := want["network.interfaces.lo.mtu"]; recorded {
		sections = append(sections, "network", "counters", "ipaddress", "ip6address", "macaddress")
	}
	known := patterns(t, "ohai_differences.txt", "user:", true)
	counters := regexp.MustCompile(`^counters\.`) // the kernel counted on between its answers to the one and to the other
	equal := 0
	for _, path := range union(want, got) {
		section, _, _ := strings.Cut(path, ".")
		if _, recorded := want["interrupts"]; recorded && section == "interrupts" {
			continue // without its files Ohai gives up
		}
		if !slices.Contains(sections, section) || section == "cpu" && machine != "x86_64" && strings.Count(path, ".") == 1 {
			continue // without sockets in cpuinfo Ohai asks lscpu
		}
		a, inA := want[path]
		b, inB := got[path]
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		switch {
		case inA == inB && bytes.Equal(x, y):
			equal++
		case path == "platform_family" && got["platform"] == "rocky" && b == "rhel": // Ohai 16.13 is older than Rocky Linux
		case counters.MatchString(path) && inA && inB && plausible(a, b, b, true):
		case !known.MatchString(path):
			t.Errorf("%s: Ohai has %s, we have %s", path, shown(a, inA), shown(b, inB))
		}
	}
	t.Logf("%d leaves equal", equal)
}

// TestPlatformsEqualOhai asks Ohai for the platform and the family of every
// ID of os-release that distributions have.
func TestPlatformsEqualOhai(t *testing.T) {
	ids := strings.Fields("debian ubuntu linuxmint raspbian cumulus-linux kali pop rhel centos almalinux rocky ol oracle scientific fedora amzn alinux " +
		"sles sles_sap opensuse-leap opensuse-tumbleweed opensuse sled suse arch archarm manjaro antergos gentoo slackware exherbo alpine clearlinux " +
		"clear-linux-os xenenterprise xcp-ng virtuozzo cloudlinux clearos ibm_powerkvm parallels sangoma bigip nexus ios_xr arista_eos pidora mangeia " +
		"nixos void mariner azurelinux flatcar photon void neon elementary devuan deepin openEuler anolis tencentos")
	var want map[string][]any
	if err := json.Unmarshal(runRuby(t, "ohai_platform.rb", ids...), &want); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		root := t.TempDir()
		write(t, filepath.Join(root, "etc/os-release"), []byte("ID="+id+"\nVERSION_ID=1\n"))
		m := &facts.Machine{Root: root}
		platform, _ := m.Fact(t.Context(), "platform")
		family, _ := m.Fact(t.Context(), "platform_family")
		if id == "rocky" { // Ohai 16.13 is older than Rocky Linux, which is of the family
			want[id] = []any{"rocky", "rhel"}
		}
		if got := []any{platform, family}; !slices.Equal(got, want[id]) {
			t.Errorf("%s: Ohai has %v, we have %v", id, want[id], got)
		}
	}
	t.Logf("%d distributions compared", len(ids))
}
