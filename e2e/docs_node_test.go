//go:build linux

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"jetpack.internal/e2e/booted"
	"jetpack.internal/e2e/docs"
)

// installedPages are played one after another on one booted node, to which the
// first of them brings the packages.
var installedPages = []string{"docs/installation.md", "docs/administrator.md"}

// playInstalled runs the commands of the pages for administrators, with the
// packages in dir at hand.
func playInstalled(t *testing.T, dir string) {
	var commands []docs.Command
	excuses := readExcuses(t)
	for _, page := range installedPages {
		commands = append(commands, commandsOf(t, page, excuses)...)
	}
	if os.Geteuid() != 0 {
		t.Log("booting a node takes root: the commands of these pages were not run")
		return
	}
	n := booted.New(t)
	for i, c := range commands {
		n.Write(t, filepath.Join("commands", strconv.Itoa(i)), c.Text, 0o644)
	}
	n.Write(t, "play", readText(t, "docs/play"), 0o644)
	debs, err := filepath.Glob(filepath.Join(dir, "*_"+runtime.GOARCH+".deb"))
	if err != nil || len(debs) < 7 {
		t.Fatalf("packages: %q, %v", debs, err)
	}
	for _, deb := range append(debs, mustGlob(t, filepath.Join(dir, "*_all.deb"))...) {
		n.Write(t, filepath.Join("root", filepath.Base(deb)), readText(t, deb), 0o644)
	}
	n.Boot(t)
	if _, err := os.Stat(filepath.Join(n.Root, "usr/bin/jq")); err != nil {
		copyProgram(t, n, "jq")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := n.Inside(ctx, "env", "HOME=/root", "DEBIAN_FRONTEND=noninteractive", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/cycle/jetpack/bin", "bash", "/play")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	judge(t, filepath.Join(n.Root, "commands"), commands)
}

func mustGlob(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: %q, %v", pattern, found, err)
	}
	return found
}

// copyProgram gives the node a program of this machine, with its libraries.
func copyProgram(t *testing.T, n *booted.Node, name string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%v (apt-get install %s)", err, name)
	}
	command(t, ".", "sh", "-c", `{ echo "$1"; ldd "$1" | grep -o '/[^ ]*'; } | while read -r f; do [ -e "$2$f" ] || cp -L --parents "$f" "$2"; done`, "sh", path, n.Root)
}
