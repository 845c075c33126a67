//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// everyMessage has a node without a server say all that a node can say, and
// gives it, an envelope a line.
func everyMessage(t *testing.T) string {
	s := &station{bin: buildPrograms(t, "jetpack-log", "jetpack-send", "jetpack-converge", "jetpack-keepalive", "healthcheckd"), home: t.TempDir()}
	release := filepath.Join(t.TempDir(), "projects/demo/1.0.0")
	for path, text := range map[string]string{
		s.home + "/config/configuration.json": `{"cyclecloud": {"cluster": {"name": "lab"}, "node": {"name": "n1"},
			"cluster_init_specs": [{"project": "demo", "version": "1.0.0", "spec": "default"}], "healthcheck": {"strikes": 2, "interval": 1}}}`,
		s.home + "/config/lockers.json":                fmt.Sprintf(`{"lockers": {"here": {"url": "file://%s"}}}`, filepath.Dir(filepath.Dir(filepath.Dir(release)))),
		release + "/default/cluster-init/scripts/1.sh": "#!/bin/sh\nexit 0\n",
		release + "/default/cluster-init/scripts/2.sh": "#!/bin/sh\necho on the edge\nexit 3\n",
		release + "/default/cluster-init/scripts/3.sh": "#!/bin/sh\nexit 0\n",
	} {
		writeText(t, path, text)
	}
	s.converges(t, 1)
	writeText(t, release+"/default/cluster-init/scripts/2.sh", "#!/bin/sh\nexit 0\n")
	s.converges(t, 0)
	s.converges(t, 0)
	for _, level := range []string{"info", "warn", "error"} {
		s.ok(t, "", "jetpack-log", "--level", level, "--priority", "low", "<text> & \"more\"\n")
	}
	s.ok(t, "", "jetpack-send", "-k", "a.b", "text", "--exchange", "other", "--type", "kind", "--content-type", "text/plain", "--header", "a=b")
	s.ok(t, "\xff\x00", "jetpack-send", "-k", "a.b")
	checks := filepath.Join(s.home, "config", "healthcheck.d")
	for name, script := range map[string]string{"dead.sh": "echo no disk; exit 254", "odd.sh": "exit 3", "shot.sh": "kill -9 $$"} {
		writeText(t, filepath.Join(checks, name), "#!/bin/sh\n"+script+"\n")
	}
	s.ok(t, "", "jetpack-keepalive", "1h", "--reason", "a look")
	s.serveUntil(t, `"decision":"withheld"`)
	s.ok(t, "", "jetpack-keepalive", "--off")
	s.serveUntil(t, `"type":"shutdown"`)
	return readText(t, s.messages())
}

func (s *station) messages() string { return filepath.Join(s.home, "logs", "messages.jsonl") }

// converges runs a converge that ends with the status.
func (s *station) converges(t *testing.T, status int) {
	t.Helper()
	cmd := s.command(t.Context(), "jetpack-converge")
	cmd.Env = append(cmd.Env, "JETPACK_CLUSTER_INIT="+filepath.Join(s.home, "cluster-init"))
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != status {
		t.Fatalf("converge: %v, want status %d\n%s", err, status, out)
	}
}

// serveUntil runs the service until the words are in a message.
func (s *station) serveUntil(t *testing.T, words string) {
	t.Helper()
	var log transcript
	service := s.command(t.Context(), "healthcheckd", "run", "-v")
	service.Stdout, service.Stderr = &log, &log
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	defer stopService(service)
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if text, _ := os.ReadFile(s.messages()); strings.Contains(string(text), words) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("no message has %s\n%s", words, &log)
		}
	}
}

func stopService(service *exec.Cmd) {
	_ = service.Process.Signal(os.Interrupt)
	_ = service.Wait() // it is stopped: how it ends proves nothing here
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
