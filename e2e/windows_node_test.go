//go:build unix && windows_e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jetpack.internal/e2e/wine"
)

// windowsNode is a node whose home is C:\cycle\jetpack, as on a real one.
type windowsNode struct{ *wine.Prefix }

const windowsTree = `{"cyclecloud":{"cluster":{"name":"lab.1"},"node":{"name":"execute-7"},
"cluster_init_specs":[{"project":"demo","version":"1.0.0","spec":"default"}]},"list":[1,"two"]}`

// TestWindows is all that is told about one machine, part after part.
func TestWindows(t *testing.T) {
	n := windowsNode{wine.Start(t)}
	n.build(t)
	n.Write(t, "cycle/jetpack/config/configuration.json", windowsTree)
	parts := []struct {
		name string
		run  func(*testing.T, windowsNode)
	}{
		{"stored keys", windowsStoredKeys}, {"facts", windowsFacts}, {"dispatcher", windowsDispatcher},
		{"jetpack.cmd", windowsForF}, {"messages", windowsMessages}, {"keepalive", windowsKeepalive},
		{"replace", windowsReplace}, {"Ctrl-C", windowsInterrupt}, {"Python", windowsPython}, {"broker", windowsBroker}, {"checks", windowsChecks}, {"converge", windowsConverge},
		{"service", windowsService}, // last, for its program goes on
	}
	for _, part := range parts {
		t.Run(part.name, func(t *testing.T) { part.run(t, n) })
	}
}

// build builds all programs for Windows into the node's bin.
func (n windowsNode) build(t *testing.T) {
	t.Helper()
	bin, overlay := n.Drive("cycle", "jetpack", "bin"), "-overlay="+wine.Overlay(t)
	for _, name := range []string{"healthcheckd", "jetpack", "jetpack-config", "jetpack-converge", "jetpack-download", "jetpack-keepalive", "jetpack-log", "jetpack-send"} {
		args := []string{"build", "-trimpath", "-tags=nethttpomithttp2", "-ldflags=-s -w", "-o", filepath.Join(bin, name+".exe")}
		if name != "jetpack-config" { // which deletes nothing, and so runs here as it is shipped
			args = append(args, overlay)
		}
		crossBuild(t, filepath.Join("..", name), append(args, ".")...)
	}
	script, err := os.ReadFile("../packaging/windows/jetpack.cmd")
	if err != nil {
		t.Fatal(err)
	}
	n.Write(t, "cycle/jetpack/bin/jetpack.cmd", strings.ReplaceAll(string(script), "\n", "\r\n")) // as it is packed
}

// crossBuild calls go for Windows in the folder.
func crossBuild(t *testing.T, folder string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=windows", "GOARCH=amd64")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("cannot build %s: %v\n%s", folder, err, out)
	}
}

// program runs one of the node's programs.
func (n windowsNode) program(t *testing.T, name string, args ...string) wine.Result {
	t.Helper()
	return n.Run(t, nil, append([]string{`C:\cycle\jetpack\bin\` + name + ".exe"}, args...)...)
}

// ok runs a program that must succeed and be silent on stderr.
func (n windowsNode) ok(t *testing.T, name string, args ...string) string {
	t.Helper()
	r := n.program(t, name, args...)
	if r.Status != 0 || r.Stderr != "" {
		t.Errorf("%s %q: %+v", name, args, r)
	}
	return strings.TrimSpace(r.Stdout)
}

// fails runs a program that must end with the status and say why.
func (n windowsNode) fails(t *testing.T, status int, stderr, name string, args ...string) {
	t.Helper()
	if r := n.program(t, name, args...); r.Status != status || r.Stdout != "" || !strings.Contains(r.Stderr, stderr) {
		t.Errorf("%s %q: %+v, want status %d and %q", name, args, r, status, stderr)
	}
}

// batch runs lines of a batch file.
func (n windowsNode) batch(t *testing.T, lines ...string) wine.Result {
	t.Helper()
	n.Write(t, "batch.cmd", "@echo off\r\n"+strings.Join(lines, "\r\n")+"\r\n")
	return n.Run(t, nil, "cmd", "/d", "/c", `C:\batch.cmd`)
}

// read is a file below C:.
func (n windowsNode) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(n.Drive(name))
	if err != nil {
		t.Error(err)
	}
	return string(text)
}
