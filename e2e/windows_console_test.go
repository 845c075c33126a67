//go:build unix && windows_e2e

package e2e

import "testing"

// windowsInterrupt: Ctrl-C reaches the command, which decides what it means;
// the dispatcher waits for it and ends with its status.
func windowsInterrupt(t *testing.T, n windowsNode) {
	n.Write(t, "more/place", "")
	crossBuild(t, "wine/interrupt", "build", "-o", n.Drive("interrupt.exe"), ".")
	crossBuild(t, "wine/patient", "build", "-o", n.Drive("more", "jetpack-patient.exe"), ".")
	for name, command := range map[string][]string{
		"alone":   {`C:\more\jetpack-patient.exe`}, // what the others are to be like
		"jetpack": {`C:\cycle\jetpack\bin\jetpack.exe`, "patient"},
	} {
		ready, last := `C:\`+name+".ready", `C:\`+name+".last"
		args := append([]string{`C:\interrupt.exe`, ready}, command...)
		r := n.RunOnTerminal(t, []string{`JETPACK_EXEC_PATH=C:\more`}, append(args, ready, last)...)
		if r.Status != 77 {
			t.Errorf("%s: %+v, want status 77", name, r)
		}
		if got := n.read(t, name+".last"); got != "tidied up" {
			t.Errorf("%s: its last word was %q", name, got)
		}
	}
}
