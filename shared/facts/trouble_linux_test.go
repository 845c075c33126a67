package facts

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestDeadNetworkFilesystem(t *testing.T) {
	root := t.TempDir()
	plantAll(t, root, map[string]string{"/proc/self/mountinfo": "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:50 / /dead rw - nfs4 server:/x rw\n"})
	release := make(chan struct{})
	defer close(release)
	var complaints atomic.Int32
	m := &Machine{Root: root, Patience: 50 * time.Millisecond, Trouble: func(fact, reason string) { complaints.Add(1) },
		Statfs: func(path string) (Statfs, error) {
			if path == "/dead" {
				<-release
			}
			return Statfs{BlockSize: 4096, Blocks: 100, Free: 50, Available: 50}, nil
		}}
	value, _ := m.Fact(context.Background(), "filesystem")
	pairs := value.(map[string]any)["by_pair"].(map[string]any)
	dead, alive := pairs["server:/x,/dead"].(map[string]any), pairs["/dev/sda1,/"].(map[string]any)
	if dead["kb_size"] != nil || dead["fs_type"] != "nfs4" || alive["kb_size"] != "400" || complaints.Load() == 0 {
		t.Errorf("dead %v, alive %v, %d complaints", dead, alive, complaints.Load())
	}
}

// TestHang: what never returns costs the facts that need it, after a while,
// and no others.
func TestHang(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	plantAll(t, root, map[string]string{"/proc/meminfo": "MemTotal: 5 kB\n"})
	release := make(chan struct{})
	defer close(release)
	var lock sync.Mutex
	var complaints []string
	m := &Machine{Root: root, Patience: 150 * time.Millisecond, Network: func() Network { <-release; return Network{} }, Trouble: func(fact, reason string) {
		lock.Lock()
		defer lock.Unlock()
		complaints = append(complaints, fact+": "+reason)
	}}
	all := m.All(t.Context())
	lock.Lock()
	defer lock.Unlock()
	slices.Sort(complaints)
	want := []string{"counters: does not end in time", "ipaddress: does not end in time", "network: does not end in time"}
	if _, network := all["network"]; network || all["memory"] == nil || !slices.Equal(complaints, want) {
		t.Errorf("complains %q, has %d facts", complaints, len(all))
	}
}

func TestProgramsRunOnlyWhenAskedFor(t *testing.T) {
	root := t.TempDir()
	started := filepath.Join(root, "started")
	plant(t, filepath.Join(root, "bin/gcc"), "#!/bin/sh\necho gcc version 9.4.0 '(x)'\n> "+started+"\n")
	plant(t, filepath.Join(root, "bin/perl"), "#!/bin/sh\nsleep 60\n")
	plantAll(t, root, map[string]string{"/etc/os-release": "ID=fedora\nVERSION_ID=40\n"})
	plant(t, filepath.Join(root, "bin/rpm"), "#!/bin/sh\nprintf 'bash\\t0\\t5.2\\t1.fc40\\t1700000000\\tx86_64\\n'\n"+
		"printf 'kernel\\t0\\t6.8\\t1\\t17\\tx86_64\\nkernel\\t0\\t6.9\\t2\\t18\\tx86_64\\n'\n> "+started+"\n")
	m := &Machine{Root: root, Path: []string{"/bin"}, Patience: 150 * time.Millisecond}
	all := m.All(context.Background())
	if _, err := os.Stat(started); err == nil {
		t.Error("the whole tree started a program")
	}
	for _, key := range []string{"languages", "packages"} {
		if empty, ok := all[key].(map[string]any); !ok || len(empty) > 0 {
			t.Errorf("%s is %v", key, all[key])
		}
	}
	value, _ := m.Fact(context.Background(), "languages")
	languages := value.(map[string]any)
	gcc, _ := languages["c"].(map[string]any)["gcc"].(map[string]any)
	if gcc["version"] != "9.4.0" || languages["perl"] != nil {
		t.Errorf("languages are %v", languages)
	}
	value, _ = m.Fact(context.Background(), "packages")
	packages := value.(map[string]any)
	bash, _ := packages["bash"].(map[string]any)
	kernel, _ := packages["kernel"].(map[string]any)
	if bash["version"] != "5.2" || kernel["version"] != "6.9" || len(kernel["versions"].([]any)) != 2 {
		t.Errorf("packages are %v", packages)
	}
}

func TestPoorMachines(t *testing.T) {
	t.Run("empty root", func(t *testing.T) {
		sound(t, &Machine{Root: t.TempDir()})
		sound(t, &Machine{Root: filepath.Join(t.TempDir(), "nowhere")})
	})
	t.Run("5 MB cpuinfo", func(t *testing.T) {
		root := t.TempDir()
		plantAll(t, root, map[string]string{"/proc/cpuinfo": strings.Repeat("processor\t: 1\nflags\t\t: "+strings.Repeat("x ", 500)+"\n", 5000)})
		sound(t, &Machine{Root: root})
	})
	t.Run("unreadable files", func(t *testing.T) {
		root := t.TempDir()
		for name := range sources() { // a folder cannot be read as a file, by root neither
			if err := os.MkdirAll(filepath.Join(root, name), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		sound(t, &Machine{Root: root})
	})
	t.Run("garbage in os-release", func(t *testing.T) {
		for _, text := range []string{"\xff\xfe\x00garbage = = \"\n", "ID", "ID=\n", "=\n==\n", "ID=\"\nVERSION_ID='", strings.Repeat("x", 5<<20)} {
			root := t.TempDir()
			plantAll(t, root, map[string]string{"/etc/os-release": text})
			m := &Machine{Root: root}
			sound(t, m)
			if name, found := m.Fact(t.Context(), "platform"); !found || name != nil && name != "\"" {
				t.Errorf("of %.20q the platform is %v", text, name)
			}
		}
	})
	t.Run("no sysfs", func(t *testing.T) {
		root := t.TempDir()
		plantAll(t, root, map[string]string{"/proc/cpuinfo": "processor\t: 0\nphysical id\t: 0\ncpu cores\t: 1\n", "/proc/meminfo": "MemTotal: 5 kB\n",
			"/proc/self/mountinfo": "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"})
		m := &Machine{Root: root}
		sound(t, m)
		all := m.All(t.Context())
		if cpu, _ := all["cpu"].(map[string]any); cpu["total"] != 1 {
			t.Errorf("processors are %v", cpu)
		}
		for _, absent := range []string{"block_device", "mdadm", "zpools", "vmware"} {
			if value, found := all[absent]; found && len(value.(map[string]any)) > 0 {
				t.Errorf("%s is %v", absent, value)
			}
		}
	})
	t.Run("mount points that are no UTF-8", func(t *testing.T) {
		root := t.TempDir()
		plantAll(t, root, map[string]string{"/proc/self/mountinfo": "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /m\xff\xfent rw - xfs /dev/sd\xffb rw\n"})
		m := &Machine{Root: root, Statfs: func(path string) (Statfs, error) { return Statfs{BlockSize: 1024, Blocks: 7}, nil }}
		sound(t, m)
		value, _ := m.Fact(t.Context(), "filesystem")
		points := value.(map[string]any)["by_mountpoint"].(map[string]any)
		if odd, _ := points["/m\uFFFDnt"].(map[string]any); odd["fs_type"] != "xfs" || points["/"] == nil {
			t.Errorf("mount points are %v", points)
		}
	})
	t.Run("interfaces that vanish", func(t *testing.T) {
		state := Network{Addresses: []Address{{Index: 7, IP: ip("10.0.0.1"), Bits: 24}},
			Routes:     []Route{{Hops: []Hop{{Index: 7, Via: ip("10.0.0.2")}}}},
			Neighbours: []Neighbour{{Index: 7, IP: ip("10.0.0.2"), LLAddr: []byte{1}, State: 2}}}
		sound(t, &Machine{Root: t.TempDir(), Network: func() Network { return state }, Card: func(string) Card { return Card{} }})
	})
}

func TestTableIsConsistent(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range append(Names(), Optional()...) {
		if seen[name] {
			t.Errorf("%s is provided twice", name)
		}
		seen[name] = true
	}
	for _, f := range families {
		for key := range f.compute(context.Background(), &Machine{Root: t.TempDir()}) {
			if !strings.Contains(" "+strings.Join(f.keys, " ")+" ", " "+key+" ") {
				t.Errorf("%s comes from the family of %s", key, f.keys[0])
			}
		}
	}
	if _, found := Local().Fact(context.Background(), "no such key"); found {
		t.Error("found what is not there")
	}
}
