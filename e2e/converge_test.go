//go:build unix

package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jetpack.internal/e2e/azurite"
)

// lab is where nodes converge from Azurite.
type lab struct {
	*azurite.Server
	binary string // of jetpack-converge
}

func newLab(t *testing.T) *lab {
	return &lab{azurite.Start(t), convergeBinary(t)}
}

// convergeBinary builds jetpack-converge as it ships.
func convergeBinary(t *testing.T) string {
	return filepath.Join(buildPrograms(t, "jetpack-converge"), "jetpack-converge")
}

func (l *lab) newNode(t testing.TB, lockers string, specs ...string) *node {
	return newNode(t, l.binary, lockers, specs...)
}

// node is a home folder with a configuration.
type node struct {
	dir    string
	binary string
	within func(args ...string) *exec.Cmd // nil runs programs on this machine
}

// newNode makes a node of the specs "one" and, when there are more names,
// others, all of project demo, version 1.0.0.
func newNode(t testing.TB, binary, lockers string, specs ...string) *node {
	t.Helper()
	n := &node{dir: t.TempDir(), binary: binary}
	var list []string
	for _, name := range specs {
		list = append(list, fmt.Sprintf(`{"project": "demo", "version": "1.0.0", "spec": %q}`, name))
	}
	n.write(t, "home/config/configuration.json", `{"cyclecloud": {"cluster_init_specs": [`+strings.Join(list, ",")+`]}}`)
	n.write(t, "home/config/lockers.json", lockers)
	return n
}

// azureLockers is the lockers.json of a container.
func azureLockers(endpoint, container, sas string) string {
	return fmt.Sprintf(`{"lockers": {"az": {"url": "az://%s/%s", "endpoint": %q, "sas": %q}}}`, azurite.Account, container, endpoint, sas)
}

func (n *node) path(elements ...string) string {
	return filepath.Join(append([]string{n.dir}, elements...)...)
}

func (n *node) write(t testing.TB, name, text string) {
	t.Helper()
	path := n.path(filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (n *node) command(args ...string) *exec.Cmd {
	program := exec.Command
	if n.within != nil {
		program = func(name string, args ...string) *exec.Cmd { return n.within(append([]string{name}, args...)...) }
	}
	cmd := program(n.binary, args...)
	cmd.Env = []string{"JETPACK_HOME=" + n.path("home"), "JETPACK_CLUSTER_INIT=" + n.path("init"), "JETPACK_IMDS_ENDPOINT=none"}
	return cmd
}

// run converges and returns the exit status and all output.
func (n *node) run(t testing.TB, args ...string) (int, string) {
	t.Helper()
	cmd := n.command(args...)
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func (n *node) mustRun(t testing.TB, args ...string) string {
	t.Helper()
	status, out := n.run(t, args...)
	if status != 0 {
		t.Fatalf("status %d: %s", status, out)
	}
	return out
}

// tree is the content of a spec's folder by path, without our own record.
func (n *node) tree(t testing.TB, spec string) map[string]string {
	t.Helper()
	return readTree(t, n.path("init", "demo", spec))
}

func readTree(t testing.TB, root string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(root, func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".jetpack-sync.json" {
			return err
		}
		text, err := os.ReadFile(at)
		name, _ := filepath.Rel(root, at)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return files
}

// checkTree compares a spec's folder with what it must hold.
func (n *node) checkTree(t testing.TB, spec string, want map[string]string) {
	t.Helper()
	got := n.tree(t, spec)
	for name, text := range want {
		if found, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if found != text {
			t.Errorf("%s differs: %d bytes, want %d", name, len(found), len(text))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s should not be there", name)
		}
	}
}

// checkNoSecret makes sure that a SAS's signature is in no file below home
// but lockers.json, and not in the output.
func (n *node) checkNoSecret(t testing.TB, output string) {
	t.Helper()
	for name, text := range readTree(t, n.path("home")) {
		if name != "config/lockers.json" && (strings.Contains(text, "sig=") || strings.Contains(text, "sig%3D")) {
			t.Errorf("%s holds a signature", name)
		}
	}
	if strings.Contains(output, "sig=") {
		t.Errorf("the output holds a signature: %s", output)
	}
}

// fill uploads a spec's cluster-init files.
func fill(t testing.TB, s *lab, container, spec string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		s.Put(t, container, "projects/demo/1.0.0/"+spec+"/cluster-init/"+name, []byte(text))
	}
}

// random is content that no part of repeats, the same for the same seed.
func random(size int, seed byte) string {
	var b bytes.Buffer
	state := uint64(seed) + 1
	for b.Len() < size {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		for i := range 8 {
			b.WriteByte(byte(state >> (8 * i)))
		}
	}
	return b.String()[:size]
}
