//go:build unix && !windows_e2e

package e2e

import (
	"os"
	"os/exec"
	"testing"
)

// TestWindows runs the tests of Windows where Wine is installed. Elsewhere
// make test-windows installs it.
func TestWindows(t *testing.T) {
	if _, err := exec.LookPath("wine"); err != nil {
		t.Log("Wine is not installed: make test-windows installs it and runs these tests")
		return
	}
	for _, command := range [][]string{
		{"../.ci/setup-windows"},
		{"go", "test", "-count=1", "-timeout=15m", "-tags=windows_e2e", "-run=^TestWindows", "."},
	} {
		cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
}
