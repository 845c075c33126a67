//go:build unix && !windows_e2e

package e2e

import (
	"os"
	"os/exec"
	"testing"
)

// TestWindows runs the tests of Windows, which are a build of their own, under
// Wine. make setup has installed it.
func TestWindows(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-timeout=15m", "-tags=windows_e2e", "-run=^TestWindows", ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v (.ci/setup-windows installs Wine)\n%s", err, out)
	}
}
