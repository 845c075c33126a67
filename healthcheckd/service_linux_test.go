package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/keepalive"
)

// service is a running `healthcheckd run`.
type service struct {
	t    *testing.T
	cmd  *exec.Cmd
	home string
	errs *bytes.Buffer
}

// serveHome starts the service with a round every half a second.
func serveHome(t *testing.T, home string) *service {
	t.Helper()
	s := &service{t: t, cmd: program(t, home, "run"), home: home, errs: new(bytes.Buffer)}
	s.cmd.Env = append(s.cmd.Env, "INTERVAL=0.0083")
	s.cmd.Stderr = s.errs
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill(); s.cmd.Wait() })
	return s
}

// stop asks the service to end and checks that it does: soon, well, silently.
func (s *service) stop() {
	s.t.Helper()
	began := time.Now()
	s.cmd.Process.Signal(syscall.SIGTERM)
	err := s.cmd.Wait()
	if took := time.Since(began); err != nil || took > 3*time.Second || s.errs.Len() > 0 {
		s.t.Errorf("stopped after %s: %v, stderr %q", took, err, s.errs)
	}
}

// sent is a message that the server would have got.
type sent struct {
	Type string
	Data struct {
		Verdict, Decision, Level, Priority, Message, Reason string
		Evidence                                            bool
		Checks                                              json.RawMessage
	}
}

func messages(t *testing.T, home string) []sent {
	t.Helper()
	file, err := os.Open(filepath.Join(home, "logs", "messages.jsonl"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []sent
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return all // the last line may be in the making
		}
		var m sent
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		all = append(all, m)
	}
}

func count(all []sent, is func(sent) bool) (n int) {
	for _, m := range all {
		if is(m) {
			n++
		}
	}
	return n
}

func isRequest(m sent) bool  { return m.Type == "shutdown" }
func isEvidence(m sent) bool { return m.Type == "health" && m.Data.Evidence }

// await waits until something holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	awaitWithin(t, 20*time.Second, what, holds)
}

func awaitWithin(t *testing.T, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %s", what, limit)
		}
	}
}

// known is what run/health.json tells.
type known struct {
	Verdict string
	Round   struct{ Number int }
	Checks  []struct {
		Name, Verdict string
		Since         time.Time
		Strikes       int
	}
}

func state(t *testing.T, home string) (k known) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(home, "run", "health.json"))
	if err == nil {
		err = json.Unmarshal(text, &k)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return k
}

// rounds waits for so many further rounds.
func (s *service) rounds(n int) {
	s.t.Helper()
	last := state(s.t, s.home).Round.Number + n
	await(s.t, fmt.Sprintf("round %d", last), func() bool { return state(s.t, s.home).Round.Number >= last })
}

func checkFile(home, name string) string { return filepath.Join(home, "config", "healthcheck.d", name) }

func configure(t *testing.T, home, text string) {
	t.Helper()
	put(t, filepath.Join(home, "config", "configuration.json"), text, 0o644)
}

func TestEvidenceThenRequest(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	put(t, checkFile(home, "bad.sh"), "echo the disk is gone; exit 254", 0o755)
	s := serveHome(t, home)
	await(t, "three requests", func() bool { return count(messages(t, home), isRequest) >= 3 })
	s.stop()
	all := messages(t, home)
	if all[0].Type != "health" || !all[0].Data.Evidence || !bytes.Contains(all[0].Data.Checks, []byte("the disk is gone")) {
		t.Errorf("first: %+v", all[0])
	}
	if m := all[1]; m.Type != "log" || m.Data.Level != "error" || m.Data.Priority != "high" ||
		!strings.Contains(m.Data.Message, `"bad.sh"`) || !strings.Contains(m.Data.Message, "the disk is gone") {
		t.Errorf("second: %+v", m)
	}
	if m := all[2]; m.Type != "shutdown" || m.Data.Reason != "unhealthy" {
		t.Errorf("third: %+v", m)
	}
	if n := count(all, isEvidence); n != 1 {
		t.Errorf("evidence was shown %d times", n)
	}
}

func TestKeepaliveWithholds(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	put(t, checkFile(home, "bad.sh"), "exit 254", 0o755)
	if err := os.Mkdir(filepath.Join(home, "run"), 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(home, "run", keepalive.File)
	wish := keepalive.Wish{Forever: true, Reason: "night shift"}
	if _, _, err := keepalive.Set(context.Background(), path, wish, boot.Now(), boot.Identify("/")); err != nil {
		t.Fatal(err)
	}
	s := serveHome(t, home)
	s.rounds(4)
	all := messages(t, home)
	if count(all, isRequest) > 0 || count(all, func(m sent) bool { return m.Type == "health" && m.Data.Decision == "withheld" }) != 1 {
		t.Errorf("while it holds: %+v", all)
	}
	put(t, path, `{"torn`, 0o644) // and a damaged one holds, too
	s.rounds(2)
	if count(messages(t, home), isRequest) > 0 {
		t.Error("a damaged keepalive does not hold")
	}
	if _, err := keepalive.Off(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	await(t, "a request", func() bool { return count(messages(t, home), isRequest) > 0 })
	s.stop()
}

func TestUnknownIsToldOnceAndNeverEndsTheNode(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	put(t, checkFile(home, "odd.sh"), "echo something odd; exit 7", 0o755)
	put(t, checkFile(home, "open.sh"), "exit 254", 0o777)
	s := serveHome(t, home)
	s.rounds(4)
	s.stop()
	all := messages(t, home)
	for name, want := range map[string]string{"odd.sh": "something odd", "open.sh": "everyone may write"} {
		n := count(all, func(m sent) bool {
			return m.Type == "log" && m.Data.Level == "warn" && strings.Contains(m.Data.Message, `"`+name+`"`) && strings.Contains(m.Data.Message, want)
		})
		if n != 1 {
			t.Errorf("%s was told %d times", name, n)
		}
	}
	if count(all, isRequest) > 0 || count(all, isEvidence) > 0 {
		t.Errorf("an unknown check ended the node: %+v", all)
	}
}

func TestStrikesAndRecovery(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	configure(t, home, `{"cyclecloud": {"healthcheck": {"strikes": 9, "checks": {"bad.sh": {"strikes": 3}}}}}`)
	runs := filepath.Join(home, "runs")
	put(t, checkFile(home, "bad.sh"), "echo x >> "+runs+"; [ -e "+home+"/cured ] || exit 254", 0o755)
	s := serveHome(t, home)
	await(t, "a request", func() bool { return count(messages(t, home), isRequest) > 0 })
	if text, _ := os.ReadFile(runs); len(text) < 3*2 {
		t.Errorf("asked after %d runs", len(text)/2)
	}
	put(t, filepath.Join(home, "cured"), "", 0o644)
	await(t, "the recovery", func() bool {
		return count(messages(t, home), func(m sent) bool { return m.Type == "health" && m.Data.Verdict == "healthy" }) == 1
	})
	before := count(messages(t, home), isRequest)
	s.rounds(2)
	if after := count(messages(t, home), isRequest); after != before {
		t.Error("asked after the recovery")
	}
	s.stop()
}

func TestActionCommand(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	configure(t, home, `{"cyclecloud": {"healthcheck": {"action": "echo \"$JETPACK_UNHEALTHY\" >> \"$JETPACK_HOME/acted\""}}}`)
	s := serveHome(t, home)
	s.rounds(2)
	if _, err := os.Stat(filepath.Join(home, "acted")); err == nil {
		t.Error("acted on a healthy node")
	}
	put(t, checkFile(home, "new.sh"), "exit 254", 0o755) // noticed in the next round
	await(t, "the action", func() bool {
		text, _ := os.ReadFile(filepath.Join(home, "acted"))
		return strings.HasPrefix(string(text), "new.sh\n")
	})
	s.stop()
	if all := messages(t, home); count(all, isEvidence) != 1 || count(all, isRequest) == 0 {
		t.Errorf("%+v", all)
	}
}

func TestKilledAndStartedAgain(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	configure(t, home, `{"cyclecloud": {"healthcheck": {"strikes": 1000}}}`)
	put(t, checkFile(home, "bad.sh"), "exit 254", 0o755)
	s := serveHome(t, home)
	s.rounds(3)
	token := fmt.Sprintf("99%05d", os.Getpid()%100000)
	put(t, checkFile(home, "long.sh"), "setsid sleep "+token+" & touch "+home+"/long; exec sleep "+token, 0o755)
	await(t, "the long check", func() bool { _, err := os.Stat(filepath.Join(home, "long")); return err == nil })
	before := state(t, home)
	s.cmd.Process.Kill()
	s.cmd.Wait()
	os.Remove(checkFile(home, "long.sh"))

	again := serveHome(t, home)
	again.rounds(2)
	after := state(t, home)
	again.stop()
	if len(after.Checks) != 3 || !after.Checks[2].Since.Equal(before.Checks[2].Since) || after.Checks[2].Strikes < before.Checks[2].Strikes+2 {
		t.Errorf("before %+v, after %+v", before, after)
	}
	checkGone(t, token, home)
}

func TestStopInTheMiddleOfARound(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	configure(t, home, `{}`)
	token := fmt.Sprintf("98%05d", os.Getpid()%100000)
	put(t, checkFile(home, "deaf.sh"), "trap '' TERM; setsid sleep "+token+" & touch "+home+"/begun; while :; do sleep "+token+"; done", 0o755)
	s := serveHome(t, home)
	await(t, "the check", func() bool { _, err := os.Stat(filepath.Join(home, "begun")); return err == nil })
	s.stop()
	if k := state(t, home); k.Round.Number != 0 || len(messages(t, home)) > 0 {
		t.Errorf("the round was judged: %+v", k)
	}
	checkGone(t, token, home)
}

func TestOneServiceForANode(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	s := serveHome(t, home)
	s.rounds(1)
	out, err := program(t, home, "run").CombinedOutput()
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 75 || !strings.Contains(string(out), fmt.Sprintf("pid %d", s.cmd.Process.Pid)) {
		t.Errorf("%v: %s", err, out)
	}
	text, err := program(t, home, "status", "--json").Output()
	if err != nil || !bytes.Contains(text, []byte(`"running": true`)) || bytes.Contains(text, []byte(`"next_round": null`)) {
		t.Errorf("%v: %s", err, text)
	}
	s.stop()
	if text, err := program(t, home, "status", "--json").Output(); err != nil || !bytes.Contains(text, []byte(`"next_round": null`)) {
		t.Errorf("after the end: %v: %s", err, text)
	}
}

func TestDamagedFiles(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	for _, name := range []string{"health.json", "converge.json", "launched", "scheduled_shutdown/x"} {
		path := filepath.Join(home, "run", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		put(t, path, `{"torn`, 0o644)
	}
	configure(t, home, `{"torn`)
	s := serveHome(t, home)
	await(t, "a whole state", func() bool {
		text, err := os.ReadFile(filepath.Join(home, "run", "health.json"))
		return err == nil && json.Valid(text)
	})
	s.rounds(3)
	s.stop()
	all := messages(t, home)
	if k := state(t, home); k.Verdict != "unknown" || len(k.Checks) != 2 || count(all, isRequest) > 0 {
		t.Errorf("%+v, %+v", k, all)
	}
}

func TestScheduledShutdown(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	dir := filepath.Join(home, "run", "scheduled_shutdown")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "job"), fmt.Sprintf("%d\nthe job is over\n", time.Now().Unix()+2), 0o644)
	s := serveHome(t, home)
	s.rounds(1)
	if count(messages(t, home), isRequest) > 0 {
		t.Error("asked before its time")
	}
	await(t, "a request", func() bool { return count(messages(t, home), isRequest) > 0 })
	s.stop()
}
