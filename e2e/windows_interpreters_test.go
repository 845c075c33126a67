//go:build unix && windows_e2e

package e2e

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// windowsPython: a .py check is given to the Python that is installed, whole,
// and its status is the check's.
func windowsPython(t *testing.T, n windowsNode) {
	const check = "cycle/jetpack/config/healthcheck.d/a disk.py"
	n.Write(t, check, "import sys\r\nsys.exit(254)\r\n")
	if r := n.program(t, "healthcheckd", "once"); r.Status != 1 || !strings.Contains(r.Stdout, "unknown") {
		t.Errorf("without a Python: %+v", r)
	}
	n.Write(t, "Python312/place", "")
	crossBuild(t, "wine/python", "build", "-o", n.Drive("Python312", "python.exe"), ".")
	r := n.program(t, "healthcheckd", "once", "--json")
	var told struct {
		Checks []struct{ Name, Output string }
	}
	if err := json.Unmarshal([]byte(r.Stdout), &told); err != nil {
		t.Fatalf("%v: %+v", err, r)
	}
	want := `python ["C:\\cycle\\jetpack\\config\\healthcheck.d\\a disk.py"]`
	if last := told.Checks[len(told.Checks)-1]; r.Status != 254 || strings.TrimSpace(last.Output) != want {
		t.Errorf("%+v, want %s", r, want)
	}
	if err := os.Remove(n.Drive(check)); err != nil {
		t.Fatal(err)
	}
}
