//go:build unix && windows_e2e

package e2e

import (
	"path/filepath"
	"testing"

	"jetpack.internal/e2e/wine"
)

// TestWindowsUnits runs the library's own tests, but those of what Wine
// lacks, which docs/windows.md names.
func TestWindowsUnits(t *testing.T) {
	p := wine.Start(t)
	overlay := "-overlay=" + wine.Overlay(t)
	for name, skip := range map[string]string{
		"atomicfile": "TestWriteFollowsLink", "openfile": "", "lock": "", "keepalive": "",
		"tree": "TestPrintableAsPython|TestAsPython", "home": "", "exit": "", "subcmd": "", "run": "",
		"check": "", "outbox": "", "message": "", "delivery": "", "facts": "",
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join("..", "shared", name)
			crossBuild(t, folder, "test", "-c", overlay, "-o", p.Drive(name+".exe"), ".")
			args := []string{`C:\` + name + ".exe", "-test.short", "-test.timeout=80s"}
			if skip != "" {
				args = append(args, "-test.skip=^("+skip+")$")
			}
			if r := p.RunIn(t, folder, args...); r.Status != 0 {
				t.Errorf("%s\n%s", r.Stdout, r.Stderr)
			}
		})
	}
}
