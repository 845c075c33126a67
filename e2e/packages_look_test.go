//go:build unix

package e2e

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// packagesNeed tells which package holds a program that the tests of packages
// start.
var packagesNeed = map[string]string{"dpkg-deb": "dpkg", "rpm": "rpm", "lintian": "lintian", "rpmlint": "rpmlint"}

// command runs a program that must succeed, and gives its standard output.
func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "CGO_ENABLED=0")
	var complaints strings.Builder
	c.Stderr = &complaints
	output, err := c.Output()
	if errors.Is(err, exec.ErrNotFound) {
		t.Fatalf("%s is missing: apt-get install %s", name, packagesNeed[name])
	}
	if err != nil {
		t.Fatalf("%s %q: %v: %s%s", name, args, err, output, complaints.String())
	}
	return string(output)
}

// mustList looks for lines "mode owner name" in a listing, whatever else its
// lines hold.
func mustList(t *testing.T, listing string, wanted ...string) {
	t.Helper()
	var lines []string
	for line := range strings.Lines(listing) {
		if f := strings.Fields(line); len(f) >= 3 {
			lines = append(lines, f[0]+" "+f[1]+" "+f[len(f)-1])
		}
	}
	for _, want := range wanted {
		if !slices.Contains(lines, want) {
			t.Errorf("%q is not in\n%s", want, listing)
		}
	}
}

func unpackDeb(t *testing.T, deb string) string {
	t.Helper()
	root := t.TempDir()
	command(t, root, "dpkg-deb", "--extract", deb, root)
	return root
}

func mustExist(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
