//go:build !windows

package e2e

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	crashRounds  = 100
	crashScripts = 30
	crashFiles   = 500
)

// TestConvergeKilled kills converges at random moments, while the locker
// changes under them. In the end the tree is the locker's, and every script
// ran to its end exactly once after its last change or interruption.
func TestConvergeKilled(t *testing.T) {
	n := newNode(t, convergeBinary(t), "", "one")
	n.write(t, "home/config/lockers.json", fmt.Sprintf(`{"lockers": {"here": {"url": "file://%s"}}}`, n.path("locker")))
	locker := n.path("locker", "projects", "demo", "1.0.0", "one", "cluster-init")
	want := crashProject(0)
	writeTree(t, locker, want)
	chance := rand.New(rand.NewPCG(1, 2))
	kills := 0
	for round := range crashRounds {
		if round%20 == 19 {
			want = crashProject(round)
			os.RemoveAll(locker)
			writeTree(t, locker, want)
		}
		marked, begun := marked(t, n, want), begins(t, n)
		// A child that is being started when its converge is killed holds the lock
		// for another moment, until it is the script.
		if killed(t, n.command("--lock-timeout=10s"), time.Duration(chance.IntN(250))*time.Millisecond) {
			kills++
		}
		checkRecord(t, n)
		for script, times := range begins(t, n) {
			if marked[script] && times != begun[script] {
				t.Errorf("round %d: script %s ran again although it had its marker", round, script)
			}
		}
		if chance.IntN(10) == 0 {
			os.RemoveAll(n.path("init")) // the disk is ephemeral
		}
	}
	n.mustRun(t, "--lock-timeout=10s")
	n.checkTree(t, "one", want)
	checkRuns(t, n)
	t.Logf("%d of %d converges were killed", kills, crashRounds)
	if kills < crashRounds/4 {
		t.Errorf("only %d of %d converges were killed", kills, crashRounds)
	}
}

// marked are the scripts, by number and version, whose markers say that they
// have succeeded with the content that the project has now.
func marked(t testing.TB, n *node, project map[string]string) map[string]bool {
	t.Helper()
	done := map[string]bool{}
	for name, text := range readTree(t, n.path("home", "run", "cluster-init", "demo", "one", "scripts")) {
		content := project["scripts/"+strings.TrimSuffix(name, ".run")]
		if strings.Contains(text, fmt.Sprintf("sha256 %x\n", sha256.Sum256([]byte(content)))) {
			var version string
			fmt.Sscanf(content, "#!/bin/sh\n# version %s", &version)
			done[strings.TrimSuffix(name, ".sh.run")+" "+version] = true
		}
	}
	return done
}

// begins counts how often each script, by number and version, has begun.
func begins(t testing.TB, n *node) map[string]int {
	t.Helper()
	text, err := os.ReadFile(n.path("runs"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for line := range strings.Lines(string(text)) {
		if script, begins := strings.CutPrefix(strings.TrimSpace(line), "begin "); begins {
			counts[script]++
		}
	}
	return counts
}

// crashProject is a version of the project. Scripts say when they begin and
// end; some change from version to version, as do files.
func crashProject(version int) map[string]string {
	files := map[string]string{}
	for i := range crashScripts {
		changes := 0
		if i%3 == 0 {
			changes = version
		}
		files[fmt.Sprintf("scripts/%02d.sh", i)] = fmt.Sprintf(
			"#!/bin/sh\n# version %d\necho begin %02d %d >> $JETPACK_HOME/../runs\nsleep 0.01\necho end %02d %d >> $JETPACK_HOME/../runs\n", changes, i, changes, i, changes)
	}
	for i := range crashFiles {
		if i%50 != version%50 {
			files[fmt.Sprintf("files/%d/%d", i%7, i)] = strings.Repeat(fmt.Sprintf("%d %d\n", i, version*(i%2)), i)
		}
	}
	return files
}

func writeTree(t testing.TB, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// killed runs cmd and kills it after a while, telling whether it had to. The
// script that it may have left running is not killed: nobody does in life.
func killed(t testing.TB, cmd *exec.Cmd, after time.Duration) bool {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
	defer timer.Stop()
	if err := cmd.Wait(); err == nil {
		return false
	}
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("converge ended with %v", cmd.ProcessState)
	}
	return true
}

// checkRecord: the status can be read whenever converge was killed.
func checkRecord(t testing.TB, n *node) {
	t.Helper()
	if status, out := n.run(t, "--status", "--json"); status != 0 || !strings.Contains(out, `"result": `) || strings.Contains(out, `"result": "running",`+"\n    \"mode\"") {
		t.Fatalf("status %d: %s", status, out)
	}
}

// checkRuns: nothing of a script came after its end but its next version or,
// when its converge was killed before the marker, one more run.
func checkRuns(t testing.TB, n *node) {
	t.Helper()
	text, err := os.ReadFile(n.path("runs"))
	if err != nil {
		t.Fatal(err)
	}
	open := map[string]bool{}
	last := map[string]string{}
	for line := range strings.Lines(string(text)) {
		var event, script, version string
		fmt.Sscan(line, &event, &script, &version)
		if event == "end" && !open[script+version] {
			t.Errorf("script %s of version %s ended twice at once", script, version)
		}
		open[script+version] = event == "begin"
		last[script] = event
	}
	if len(last) != crashScripts {
		t.Errorf("%d scripts ran, want %d", len(last), crashScripts)
	}
	for script, event := range maps.All(last) {
		if event != "end" {
			t.Errorf("script %s did not end", script)
		}
	}
	before := len(text)
	n.mustRun(t)
	if again, _ := os.ReadFile(n.path("runs")); len(again) != before {
		t.Errorf("a converge with nothing to do ran scripts: %s", again[before:])
	}
}
