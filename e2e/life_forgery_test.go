//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// evil rewrites a terminal's title and screen, and looks like a log's entry on
// a line of its own.
const evil = "evil\x1b]0;owned\x07\x1b[2J\r\n2026-01-01 00:00:00,000 ERROR    forged\nforger: forged"

var logEntry = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ +`)

// TestForgery: whatever comes from outside, by whichever door, is shown
// escaped, in one line, and leaves no folder.
func TestForgery(t *testing.T) {
	t.Parallel()
	s := newStation(t, nil, buildPrograms(t, "jetpack", "jetpack-config", "jetpack-log", "jetpack-send", "jetpack-keepalive", "jetpack-converge", "healthcheckd"), `{}`)
	if err := os.MkdirAll(filepath.Join(s.home, "run/scheduled_shutdown"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(s.home, "config/healthcheck.d"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.write(t, "run/scheduled_shutdown/one", fmt.Sprintf("%d\n%s\n", time.Now().Add(-time.Hour).Unix(), strings.ReplaceAll(evil, "\n", " ")))
	check := filepath.Join(s.home, "config/healthcheck.d", "evil\x1b[31m\n.sh")
	if err := os.WriteFile(check, fmt.Appendf(nil, "#!/bin/sh\nprintf %%s '%s'\nexit 3\n", evil), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"jetpack", evil}, {"jetpack", "help", evil}, {"jetpack-config", evil}, {"jetpack-config", "--" + evil},
		{"jetpack-log", "-v", evil}, {"jetpack-log", "--level", evil, "x"},
		{"jetpack-send", "-k", evil, "x"}, {"jetpack-send", "-k", "k", "--type", evil, "--header", evil + "=" + evil, "x"},
		{"jetpack-send", "-k", "k", "--file", evil},
		{"jetpack-keepalive", evil}, {"jetpack-keepalive", "1h", "--reason", evil}, {"jetpack-keepalive", "--status"},
		{"healthcheckd", "once"}, {"healthcheckd", "explain"}, {"healthcheckd", evil}, {"jetpack-converge", "--mode", evil},
	} {
		clean(t, args, s.run(t, "", args...))
	}
	for _, name := range []string{evil, "../out", "a/b", "/out", "..", "", `a\b`} {
		encoded, _ := json.Marshal(name) // a string
		for _, spec := range []string{`{"project": %s, "version": "1", "spec": "s"}`, `{"project": "p", "version": %s, "spec": "s"}`, `{"project": "p", "version": "1", "spec": %s}`} {
			s.write(t, "config/configuration.json", `{"cyclecloud": {"cluster_init_specs": [`+fmt.Sprintf(spec, encoded)+`]}}`)
			s.write(t, "config/lockers.json", `{"lockers": {"disk": {"url": "file://`+s.home+`/locker"}}}`)
			r := s.converge(t)
			if clean(t, []string{"jetpack-converge", spec, name}, r); r.status != 2 {
				t.Errorf("%s of the name %q: status %d, %s", spec, name, r.status, r.stderr)
			}
		}
	}
	s.failingScript(t)
	checkLogs(t, s.home)
	if found := s.run(t, "", "jetpack-keepalive", "--status"); !strings.Contains(found.stdout, `\x1b]0;owned`) {
		t.Errorf("the reason is not shown at all: %q", found.stdout)
	}
}

// converge converges with a folder for projects below the home.
func (s *station) converge(t *testing.T, args ...string) ran {
	t.Helper()
	cmd := s.command(t.Context(), append([]string{"jetpack-converge"}, args...)...)
	cmd.Env = append(cmd.Env, "JETPACK_CLUSTER_INIT="+filepath.Join(s.home, "init"))
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	_ = cmd.Run() // the status tells
	return ran{status: cmd.ProcessState.ExitCode(), stdout: out.String(), stderr: errs.String()}
}

// failingScript: what a script prints comes back in the report.
func (s *station) failingScript(t *testing.T) {
	t.Helper()
	scripts := filepath.Join(s.home, "locker/projects/p/1/s/cluster-init/scripts")
	if err := os.MkdirAll(scripts, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(scripts, "1.sh"), fmt.Appendf(nil, "printf %%s '%s'\nexit 3\n", evil), 0o755); err != nil {
		t.Fatal(err)
	}
	s.write(t, "config/configuration.json", `{"cyclecloud": {"cluster_init_specs": [{"project": "p", "version": "1", "spec": "s"}]}}`)
	r := s.converge(t)
	if clean(t, []string{"a script"}, r); r.status != 1 || !strings.Contains(r.stdout+r.stderr, "forged") {
		t.Errorf("a script that fails: status %d, %s%s", r.status, r.stdout, r.stderr)
	}
	clean(t, []string{"--status"}, s.converge(t, "--status"))
}

// clean holds what a program prints to plain lines, none of them forged.
func clean(t *testing.T, args []string, r ran) {
	t.Helper()
	for _, text := range []string{r.stdout, r.stderr} {
		if strings.ContainsAny(text, "\x1b\x07\r") || strings.Contains("\n"+text, "\nforger: ") || strings.Contains("\n"+text, "\n2026-01-01 00:00:00,000 ERROR") {
			t.Errorf("%q prints %q", args, text)
		}
	}
}

// checkLogs holds the logs to entries that the programs wrote.
func checkLogs(t *testing.T, home string) {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(home, "logs/*.log"))
	if len(names) == 0 {
		t.Error("there is no log")
	}
	for _, name := range names {
		for line := range strings.Lines(readText(t, name)) {
			if !logEntry.MatchString(line) || strings.ContainsAny(line, "\x1b\x07\r") || strings.HasPrefix(line, "2026-01-01 00:00:00,000") {
				t.Errorf("%s has the line %q", filepath.Base(name), line)
			}
		}
	}
}

// TestNoCore: a program that holds a password dumps no core, whatever signal
// ends it, and does not tell the password as it ends.
func TestNoCore(t *testing.T) {
	t.Parallel()
	s := newStation(t, nil, buildPrograms(t, "healthcheckd", "jetpack-send"), connectTo("amqp://node:s3cret@127.0.0.1:1"))
	for _, args := range [][]string{{"healthcheckd", "run"}, {"jetpack-send", "-k", "k", "--lines"}} {
		for _, signal := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGTERM} {
			cmd := s.command(t.Context(), args...)
			cmd.Args = append([]string{"sh", "-c", `ulimit -c unlimited; exec "$@"`, "sh"}, append([]string{cmd.Path}, args[1:]...)...)
			cmd.Path = "/bin/sh"
			cmd.Dir = t.TempDir()
			var said transcript
			cmd.Stdout, cmd.Stderr = &said, &said
			stdin, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(stdin, "a first line")
			time.Sleep(500 * time.Millisecond) // it is at work
			cmd.Process.Signal(signal)
			_ = cmd.Wait() // the state tells
			state := cmd.ProcessState.Sys().(syscall.WaitStatus)
			left, _ := os.ReadDir(cmd.Dir)
			if state.CoreDump() || len(left) > 0 || strings.Contains(said.String(), "s3cret") {
				t.Errorf("%s, ended by %s: core %v, %d files, says %.300s", args[0], signal, state.CoreDump(), len(left), said.String())
			}
		}
	}
}
