package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPoorMachines runs jetpack-config where much is missing or changes under
// its feet: it says what there is, and complains of nothing. Only root can
// make such machines.
func TestPoorMachines(t *testing.T) {
	needsRoot(t, "hide folders from a program")
	dir := t.TempDir()
	program := buildConfig(t, dir)
	open(t, dir)
	bare := filepath.Join(dir, "bare")
	if err := os.Mkdir(bare, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		script string
		has    string // a key that there still is
	}{
		"no /sys":               {"mount -t tmpfs none /sys; exec $PROGRAM --json", "memory"},
		"no /proc":              {"mount -t tmpfs none /proc; exec $PROGRAM --json", "hostname"},
		"empty /etc":            {"mount -t tmpfs none /etc; exec $PROGRAM --json", "kernel"},
		"nothing at all":        {"mount --bind / " + bare + " && mount -t tmpfs none " + bare + " && cp $PROGRAM " + bare + "/p && exec chroot " + bare + " /p --json", "hostname"},
		"proc of others hidden": {"mount -o remount,hidepid=2 /proc; exec setpriv --reuid 65534 --regid 65534 --clear-groups $PROGRAM --json", "memory"},
		"interfaces that vanish": {"(while ip link add zz type veth peer name zzp && ip link del zz; do :; done) & making=$!\n" +
			"for i in 1 2 3 4 5 6 7 8 9 10; do $PROGRAM network --json > /dev/null || exit 3; done\nkill $making; wait; exec $PROGRAM --json", "network"},
	} {
		t.Run(name, func(t *testing.T) {
			var complaints bytes.Buffer
			cmd := exec.Command("unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "sh", "-c", "ip link set lo up\n"+strings.ReplaceAll(c.script, "$PROGRAM", program))
			cmd.Env = append(os.Environ(), "JETPACK_HOME="+filepath.Join(dir, "home"), "JETPACK_IMDS_ENDPOINT=none")
			cmd.Stderr = &complaints
			out, err := cmd.Output()
			if err != nil || complaints.Len() > 0 {
				t.Fatalf("%v (apt-get install util-linux iproute2)\n%s", err, complaints.String())
			}
			var tree map[string]any
			if err := json.Unmarshal(out, &tree); err != nil {
				t.Fatal(err)
			}
			if value := tree[c.has]; value == nil {
				t.Errorf("no %s among %d keys", c.has, len(tree))
			}
			t.Logf("%d keys", len(tree))
		})
	}
}

// TestDeadServer: a filesystem whose server has died does not hang the
// command, whether it holds data, or programs that a fact looks for.
func TestDeadServer(t *testing.T) {
	needsRoot(t, "mount a filesystem that does not answer")
	t.Parallel()
	dir := t.TempDir()
	program := buildConfig(t, dir)
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{data, "/usr/local"} {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			var complaints bytes.Buffer
			cmd := exec.Command("unshare", "--mount", "python3", "ohai_hang.py", folder, program, "-v", "--json")
			cmd.Env = append(os.Environ(), "JETPACK_HOME="+filepath.Join(dir, "home"), "JETPACK_IMDS_ENDPOINT=none")
			cmd.Stderr = &complaints
			began := time.Now()
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v (apt-get install util-linux)\n%s", err, complaints.String())
			}
			var tree struct {
				Memory, Kernel map[string]any
				Filesystem     struct {
					ByMountpoint map[string]map[string]any `json:"by_mountpoint"`
				}
			}
			if err := json.Unmarshal(out, &tree); err != nil {
				t.Fatal(err)
			}
			dead := tree.Filesystem.ByMountpoint[folder]
			if dead["fs_type"] != "fuse.nfs" || dead["kb_size"] != nil || tree.Memory == nil || tree.Kernel == nil || tree.Filesystem.ByMountpoint["/"]["kb_size"] == nil {
				t.Errorf("the dead filesystem is %v", dead)
			}
			if want := "filesystem: " + folder + " does not answer in time"; !strings.Contains(complaints.String(), want) {
				t.Errorf("does not say %q but %s", want, complaints.String())
			}
			if took := time.Since(began); took > time.Minute {
				t.Errorf("took %s", took)
			}
		})
	}
}
