package e2e

import (
	"os"
	"testing"
)

// needsRoot begins a test of what only root may do. The closing summary of
// make test names the tests that did not run for want of it; a tool that is
// missing is another matter, and fails.
func needsRoot(t *testing.T, to string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root to " + to)
	}
}
