//go:build unix

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

// TestDeliveryCallers: a log message gets out from whoever says it: a batch
// job without terminal, environment and streams, as atd starts it; a script
// inside a converge; a health check. Its bytes pass unchanged.
func TestDeliveryCallers(t *testing.T) {
	home := t.TempDir()
	bin := buildProgramsInto(t, filepath.Join(home, "bin"), "jetpack", "jetpack-log", "jetpack-converge", "healthcheckd")
	spec := "locker/projects/demo/1.0.0/default/cluster-init/scripts/"
	for name, text := range map[string]string{
		"config/configuration.json":                `{"cyclecloud":{"node":{"name":"n"},"cluster_init_specs":[{"project":"demo","version":"1.0.0","spec":"default"}]}}`,
		"config/lockers.json":                      `{"lockers":{"own":{"url":"file://` + home + `/locker"}}}`,
		"locker/projects/demo/1.0.0/manifest.json": `{"name":"demo","version":"1.0.0"}`,
		spec + "10-say.sh":                         "#!/bin/sh\njetpack log 'from a script: \"ü\" \\n $x' --level warn\n",
		"config/healthcheck.d/10-say.sh":           "#!/bin/sh\n\"$CYCLECLOUD_HOME/bin/jetpack\" log 'from a check' -l error\n",
	} {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	forged := "from a batch job\n2026-01-02 03:04:05,000 ERROR    forged\x1b[2J"
	job := exec.Command(filepath.Join(bin, "jetpack-log"), forged)
	job.Dir, job.Env = "/", []string{}
	job.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := job.Run(); err != nil {
		t.Error(err)
	}
	closed := exec.Command("sh", "-c", `exec "$0" "$1" <&- >&- 2>&-`, filepath.Join(bin, "jetpack-log"), "from nowhere")
	closed.Dir, closed.Env = "/", []string{}
	if err := closed.Run(); err != nil {
		t.Error(err)
	}
	for _, args := range [][]string{{"jetpack-converge"}, {"healthcheckd", "once"}} {
		cmd := exec.Command(filepath.Join(bin, args[0]), args[1:]...)
		cmd.Env = []string{"PATH=/usr/bin:/bin", "JETPACK_IMDS_ENDPOINT=none", "JETPACK_CLUSTER_INIT=" + filepath.Join(home, "init")}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%q: %v: %s", args, err, out)
		}
	}
	text, err := os.ReadFile(filepath.Join(home, "logs", "messages.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, `"type":"log"`) {
			said = append(said, texts(t, []string{line})...)
		}
	}
	want := []string{forged, "from nowhere", `from a script: "ü" \n $x`, "from a check"}
	if !reflect.DeepEqual(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
	log, err := os.ReadFile(filepath.Join(home, "logs", "jetpack.log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range []string{
		` INFO     from a batch job\n2026-01-02 03:04:05,000 ERROR    forged\x1b[2J`, " INFO     from nowhere",
		` WARNING  from a script: "ü" \n $x`, " ERROR    from a check",
	} {
		if n := strings.Count(string(log), entry+"\n"); n != 1 {
			t.Errorf("%q is %d times in %s", entry, n, log)
		}
	}
}
