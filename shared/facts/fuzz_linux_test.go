package facts

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// sources are the files that facts read, each with a sample.
func sources() map[string]string {
	return map[string]string{
		"/etc/os-release": "ID=ubuntu\nVERSION_ID=\"22.04\"\n=\nID_LIKE=a b\nX=", "/etc/hosts": "127.0.0.1 a.b a # c\n",
		"/etc/nsswitch.conf": "hosts: files dns [NOTFOUND=return]\n", "/etc/resolv.conf": "nameserver 127.0.0.1\nsearch a b\n",
		"/etc/lsb-release": "DISTRIB_ID='x'\n", "/etc/redhat-release": "Red Hat Linux release 9 (X)\n", "/etc/SuSE-release": "openSUSE\nVERSION = 42.1\n",
		"/etc/passwd": "root:x:0:0::/root:/bin/sh\nx:::\n", "/etc/group": "root:x:0:a,b\n", "/etc/shells": "/bin/sh",
		"/proc/cpuinfo": "processor\t: 0\nflags\t\t: a b\nphysical id\t: 0\ncpu cores\t: 2\n", "/proc/meminfo": "MemTotal: 1 kB\nDirectMap4k: 2 kB\nSwapFree: x\n",
		"/proc/modules": "a 1 2 - Live 0\n", "/proc/uptime": "1.5 2.5\n", "/proc/mdstat": "md0 : active raid1 a[0](S) b[1\n",
		"/proc/self/mountinfo": "1 2 8:1 / / rw - ext4 /dev/a\\040b rw\n", "/proc/mounts": "a\\999 /b c d 0 0\n", "/proc/interrupts": "1: 2 3 a b c\nERR: 1\n",
		"/proc/self/cgroup": "0::/docker/1\n", "/proc/sysvipc/shm": "1 2 1777 4 5 6 7 8\n", "/proc/self/limits": "Max processes  1 2\n", "/run/mount/utab": "TARGET=/ OPTS=a\n",
		"/var/lib/dpkg/status": "Package: a\nVersion: 1\n\nPackage: b\n", "/etc/ssh/sshd_config": "HostKey /etc/shells\nHostKey\n", "/run/udev/data/b8:1": "E:ID_FS_LABEL_ENC=\\x20\\x\n",
		"/sys/firmware/dmi/tables/DMI": "\x01\x1b\x00\x00\x01\x02\x03\x04aaaaaaaaaaaaaaaaaaaa\x00\x00", "/sys/firmware/dmi/tables/smbios_entry_point": "_SM_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"/usr/share/misc/pci.ids": "1af4  Red Hat\n\t1045  x\n\t\t1 2  y\nC 01  z\n", "/var/lib/hyperv/.kvp_pool_3": "HostName\x00aHostingSystemEditionId", "/boot/grub2/grubenv": "a=b\n", "/var/lib/pacman/local/a-1/desc": "%NAME%\na\n\n%VERSION%\n1\n",
		"/run/systemd/sessions/1": "USER=a\n", "/etc/machine-info": "CHASSIS=vm\n", "/sys/devices/system/cpu/online": "0-3,5\n", "/sys/block/sda/dev": "8:1\n", "/sys/block/sda/sda1/partition": "1\n",
	}
}

// FuzzFacts replaces one file of a machine: no content of any makes a fact
// fail, take long, or hold what JSON cannot.
func FuzzFacts(f *testing.F) {
	for name, text := range sources() {
		f.Add(name, []byte(text))
		f.Add(name, []byte("\xff\xfe"+text+"\x00"+text))
	}
	root := f.TempDir()
	plantAll(f, root, sources())
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		if _, known := sources()[name]; !known {
			return
		}
		path := filepath.Join(root, name)
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		sound(t, &Machine{Root: root, Patience: time.Second, Uname: func() Uname { return Uname{Node: "a", Machine: "x86_64"} },
			UID: func() int { return 0 }, Statfs: func(string) (Statfs, error) { return Statfs{Blocks: 10, Free: 20, Available: 1 << 63}, nil }})
		if err := os.WriteFile(path, []byte(sources()[name]), 0o644); err != nil {
			t.Fatal(err)
		}
	})
}

func plantAll(t testing.TB, root string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// sound computes everything and checks that it is a tree of JSON.
func sound(t *testing.T, m *Machine) {
	t.Helper()
	all := m.All(context.Background())
	for _, name := range Optional() {
		if value, found := m.Fact(context.Background(), name); found {
			all[name] = value
		}
	}
	text, err := json.Marshal(all)
	if err != nil || !utf8.Valid(text) || bytes.Contains(text, []byte(`\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdx`)) {
		t.Fatalf("%v: %s", err, text)
	}
	for key, value := range all {
		proper(t, key, value)
	}
}

func proper(t *testing.T, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key := range maps.Keys(v) {
			if !utf8.ValidString(key) {
				t.Errorf("%s has the key %q", path, key)
			}
			proper(t, path+"."+key, v[key])
		}
	case []any:
		for _, child := range v {
			proper(t, path+"[]", child)
		}
	case string:
		if !utf8.ValidString(v) {
			t.Errorf("%s is %q", path, v)
		}
	case nil, bool, int, int64, uint64, float64:
	default:
		t.Errorf("%s is a %T", path, value)
	}
}

// FuzzPrinted: whatever a program prints, what is read of it is a tree of JSON.
func FuzzPrinted(f *testing.F) {
	for _, seed := range []string{"gcc version 9.4.0 (x)\nTarget: a\n", "GNU C Library version 2.36.9.\n", "go version go1.2 x", "PHP 8 (built: x)\nZend Engine v4,\n",
		"openjdk version \"11.0\"\nA Runtime Environment (build 1)\nB Server VM (build 2)\n", "Erlang (SMP,X) (BEAM) emulator version 1", "1,2,3", "Mono 1 2 3 4 5 6 7 8 9 10 11 12)",
		"{\"ServerVersion\":\"1-2\",\"Containers\":1e400,\"Swarm\":{\"a\":[1.5,2,null]}}", "tank\t1T\t2G\t3M\t4%\t1.0x\tONLINE\t-\n", "\tsda ONLINE 0 0 0\n",
		"Name: /VirtualBox/HostInfo/VBoxVer, value: 6.1, x\n", "a=\"b\"\nname=c\n", "Name: a\nX:y\n\nname: b\n", "ada:*:1:2:::\n", "%NAME%\na\n\n%VERSION%\n1\n",
		"bash\t0\t5\t1\t17\tx86_64\nbash\t0\t6\t1\t17\tx86_64\n", "DISTRIB_ID='x'\n", "NAME Linux release 9 (X Y)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, printed string) {
		printed = valid(printed)
		read := map[string]any{}
		for _, l := range slices.Concat(known(), runtimes()) {
			read[l.name] = l.parse(printed)
		}
		docker := map[string]any{}
		dockerInfo(printed, docker)
		name, pool := zpool(printed)
		read["zpool"], read["name"], read["devices"], read["docker"] = pool, name, zpoolDevices(printed), docker
		read["properties"], read["guest"], read["blocks"] = vboxProperties(printed), vboxGuest(printed), vboxBlocks(printed, "name")
		read["rpm"], read["lsb"] = rpmPackages(printed), strs(lsbRedHat(printed))
		for i, a := range parseAccounts(printed) {
			read[text(i)] = []any{a.name, a.uid, a.gid, a.home}
		}
		for _, g := range parseGroups(printed) {
			read["group"] = []any{g.name, g.gid, list(g.members)}
		}
		if _, err := json.Marshal(read); err != nil {
			t.Fatal(err)
		}
		for key, value := range read {
			proper(t, key, value)
		}
	})
}

func strs(of map[string]string) map[string]any {
	out := map[string]any{}
	for key, value := range of {
		out[key] = value
	}
	return out
}

func FuzzDNS(f *testing.F) {
	query, _ := dnsQuery("vm.example.org", 1)
	f.Add(query, "vm.example.org")
	f.Add(recording{DNS: map[string]string{"a": "b.c"}}.exchange(context.Background(), netip.Addr{}, mustQuery("a")), "a")
	f.Add([]byte("\xc0\x00"), "a")
	f.Fuzz(func(t *testing.T, answer []byte, name string) {
		query, ok := dnsQuery(name, 1)
		if !ok {
			return
		}
		if len(answer) > 1 {
			copy(query, answer[:2])
		}
		got := canonical(answer, query, name, 1)
		if strings.ContainsFunc(got, func(r rune) bool { return r <= ' ' || r == 0x7f }) && got != name {
			t.Errorf("canonical name %q", got)
		}
	})
}

func mustQuery(name string) []byte {
	query, _ := dnsQuery(name, 1)
	return query
}

func FuzzUnescape(f *testing.F) {
	f.Add(`a\040b\134`)
	f.Add(`\x20\x`)
	f.Fuzz(func(t *testing.T, s string) {
		if s = valid(s); len(unescape(s)) > 3*len(s) || !utf8.ValidString(unescape(s)) || !utf8.ValidString(unhex(s)) {
			t.Errorf("%q becomes %q, %q", s, unescape(s), unhex(s))
		}
		if !strings.Contains(s, `\`) && (unescape(s) != s || unhex(s) != s) {
			t.Errorf("%q has no escape but becomes %q, %q", s, unescape(s), unhex(s))
		}
	})
}
