//go:build unix && windows_e2e

package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// windowsChecks: verdicts of .bat, .cmd and .exe, and a time-out that leaves
// no descendant.
func windowsChecks(t *testing.T, n windowsNode) {
	checks := n.Drive("cycle", "jetpack", "config", "healthcheck.d")
	put := func(name, text string) { n.Write(t, "cycle/jetpack/config/healthcheck.d/"+name, text) }
	put("good.cmd", "@exit /b 0\r\n")
	if got := n.ok(t, "healthcheckd", "once", "--json"); !strings.Contains(got, "good.cmd") {
		t.Errorf("healthy: %s", got)
	}
	put("odd.bat", "@echo strange\r\n@exit /b 3\r\n")
	if r := n.program(t, "healthcheckd", "once", "--json"); r.Status != 1 {
		t.Errorf("an unknown check: %+v", r)
	}
	if err := os.Link(n.Drive("cycle", "jetpack", "bin", "jetpack-config.exe"), filepath.Join(checks, "program.exe")); err != nil {
		t.Fatal(err)
	}
	put("bad.bat", "@echo broken disk\r\n@exit /b 254\r\n")
	r := n.program(t, "healthcheckd", "once", "--json")
	if r.Status != 254 || !strings.Contains(r.Stdout, "broken disk") || !strings.Contains(r.Stdout, "program.exe") {
		t.Errorf("an unhealthy check: %+v", r)
	}
	if !json.Valid([]byte(r.Stdout)) {
		t.Errorf("no JSON: %s", r.Stdout)
	}
	if err := os.RemoveAll(checks); err != nil {
		t.Fatal(err)
	}
	windowsTimeOut(t, n)
}

// windowsTimeOut: a check and its child would each leave a mark after ten
// seconds.
func windowsTimeOut(t *testing.T, n windowsNode) {
	n.Write(t, "slow/config/configuration.json", `{"cyclecloud":{"healthcheck":{"timeout":2}}}`)
	n.Write(t, "slow/config/healthcheck.d/slow.cmd",
		"@echo begun>C:\\begun.txt\r\n@start /b cmd /d /c C:\\child.cmd\r\n@ping -n 10 127.0.0.1 >nul\r\n@echo late>C:\\late.txt\r\n")
	n.Write(t, "child.cmd", "@echo begun>C:\\child.txt\r\n@ping -n 10 127.0.0.1 >nul\r\n@echo late>C:\\late.txt\r\n")
	began := time.Now()
	r := n.Run(t, []string{`JETPACK_HOME=C:\slow`}, `C:\cycle\jetpack\bin\healthcheckd.exe`, "once", "--json")
	if took := time.Since(began); r.Status != 1 || took > 9*time.Second {
		t.Errorf("a check that hangs: %v, %+v", took, r)
	}
	n.read(t, "begun.txt")
	n.read(t, "child.txt")
	time.Sleep(12*time.Second - time.Since(began)) // what is not to happen has no sign to wait for
	if _, err := os.Stat(n.Drive("late.txt")); err == nil {
		t.Error("the check or its child has outlived the time-out")
	}
}

// windowsConverge: from a locker in a folder, scripts in their order, once.
func windowsConverge(t *testing.T, n windowsNode) {
	n.Write(t, "cycle/jetpack/config/lockers.json", `{"default":"here","lockers":{"here":{"url":"file:///C:/locker"}}}`)
	n.Write(t, "locker/projects/demo/1.0.0/manifest.json", `{"name":"demo","version":"1.0.0"}`)
	scripts := "locker/projects/demo/1.0.0/default/cluster-init/scripts/"
	n.Write(t, scripts+"01 first.bat", "@echo one %CYCLECLOUD_HOME%>>C:\\order.txt\r\n@echo to the log\r\n")
	n.Write(t, scripts+"02-second.cmd", "@echo two>>C:\\order.txt\r\n@exit /b 7\r\n")
	if r := n.program(t, "jetpack-converge"); r.Status != 1 || !strings.Contains(r.Stderr, "'02-second.cmd' in project 'demo' (return code: 7)") {
		t.Errorf("a script that fails: %+v", r)
	}
	n.Write(t, scripts+"02-second.cmd", "@echo three>>C:\\order.txt\r\n")
	for range 2 { // the second has nothing to do
		if r := n.program(t, "jetpack-converge"); r.Status != 0 {
			t.Errorf("converge again: %+v", r)
		}
	}
	want := "one C:\\cycle\\jetpack\ntwo\nthree\n"
	if got := strings.ReplaceAll(n.read(t, "order.txt"), "\r", ""); got != want {
		t.Errorf("the scripts did %q, want %q", got, want)
	}
	if got := n.read(t, "cycle/jetpack/logs/cluster-init/demo/default/scripts/01 first.bat.out"); !strings.Contains(got, "to the log") {
		t.Errorf("output: %q", got)
	}
}

// windowsService: the service manager takes it, starts its program with the
// home, is told that it runs, stops it in the midst of a check, and forgets it.
func windowsService(t *testing.T, n windowsNode) {
	health := n.Drive("cycle", "jetpack", "run", "health.json")
	if err := os.Remove(health); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	n.ok(t, "healthcheckd", "install")
	n.fails(t, 1, "cannot install the service", "healthcheckd", "install")
	n.ok(t, "healthcheckd", "start")
	n.await(t, "the first round", func() bool { _, err := os.Stat(health); return err == nil })
	if status := n.ok(t, "healthcheckd", "status", "--json"); !strings.Contains(status, `"running": true`) {
		t.Errorf("after the start: %s", status)
	}
	n.fails(t, 1, "already running", "healthcheckd", "start")
	n.fails(t, 75, "held by pid", "healthcheckd", "run")

	begun := n.Drive("begun")
	n.Write(t, "cycle/jetpack/config/healthcheck.d/long.cmd", "@echo x > C:\\begun\r\n@ping -n 60 127.0.0.1 > nul\r\n")
	n.ok(t, "healthcheckd", "restart")
	n.await(t, "the long check", func() bool { _, err := os.Stat(begun); return err == nil })
	began := time.Now()
	n.ok(t, "healthcheckd", "stop")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("stopped after %s", took)
	}
	if status := n.ok(t, "healthcheckd", "status", "--json"); !strings.Contains(status, `"running": false`) {
		t.Errorf("after the stop: %s", status)
	}
	n.ok(t, "healthcheckd", "uninstall")
	n.fails(t, 1, "cannot start the service", "healthcheckd", "start")
}

// await waits until something holds.
func (n windowsNode) await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within a minute", what)
		}
	}
}
