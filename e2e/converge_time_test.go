//go:build unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// testClock: the clock stands decades off, either way, when the next converge
// comes: all that the last one has noted is of another time. Nothing is done
// again, and what is new is done.
func testClock(t *testing.T, binary string) {
	n := localNode(t, binary, map[string]string{"scripts/1.sh": "echo 1 >>$JETPACK_HOME/../ran\n", "files/a": "a"})
	n.mustRun(t)
	ran := "1\n"
	for i, now := range []int{2099, 1971} {
		restamp(t, n, time.Date(now, 1, 1, 0, 0, 0, 0, time.UTC))
		if out := n.mustRun(t); !strings.Contains(out, "ready: 0 scripts ran, 1 skipped") {
			t.Errorf("noted in %d: %s", now, out)
		}
		script := fmt.Sprintf("scripts/new-%d.sh", i)
		writeTree(t, n.path("locker", "projects", "demo", "1.0.0", "one", "cluster-init"), map[string]string{script: "echo new >>$JETPACK_HOME/../ran\n"})
		if out := n.mustRun(t); !strings.Contains(out, "ready: 1 script ran") {
			t.Errorf("noted in %d, something new: %s", now, out)
		}
		os.Remove(n.path("locker", "projects", "demo", "1.0.0", "one", "cluster-init", script))
		n.mustRun(t)
		ran += "new\n"
		if _, out := n.run(t, "--status"); strings.Contains(out, "-") && strings.Contains(out, "after -") {
			t.Errorf("it took less than nothing: %s", out)
		}
	}
	if text, _ := os.ReadFile(n.path("ran")); string(text) != ran {
		t.Errorf("ran %q, want %q", text, ran)
	}
	// The clock steps back within a converge.
	text, err := os.ReadFile(n.path("home/run/converge.json"))
	if err != nil {
		t.Fatal(err)
	}
	year := fmt.Sprint(time.Now().Year())
	_, ended, _ := strings.Cut(string(text), `"ended": "`)
	n.write(t, "home/run/converge.json", strings.Replace(string(text), `"ended": "`+ended[:4], `"ended": "1999`, 1))
	if status, out := n.run(t, "--status"); status != 0 || !strings.Contains(out, "result   ready") || strings.Contains(out, "after -") {
		t.Errorf("%s, status %d: %s", year, status, out)
	}
}

// restamp makes all that home has noted of another time.
func restamp(t *testing.T, n *node, at time.Time) {
	t.Helper()
	this := fmt.Sprintf("%d-", time.Now().UTC().Year())
	for name, text := range readTree(t, n.path("home", "run")) {
		path := n.path("home", "run", filepath.FromSlash(name))
		if name == "launched" {
			text = fmt.Sprintf("%d\n", at.Unix())
		} else if strings.HasSuffix(name, ".run") || name == "converge.json" {
			text = strings.ReplaceAll(text, this, fmt.Sprintf("%d-", at.Year()))
		}
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

// testOlder: the locker goes back to an older version, with its old dates. The
// node follows, and runs what has changed back.
func testOlder(t *testing.T, binary string) {
	older := map[string]string{"scripts/1.sh": "echo old >>$JETPACK_HOME/../ran\n", "scripts/2.sh": "echo same >>$JETPACK_HOME/../ran\n", "files/a": "old", "files/gone": "x"}
	n := localNode(t, binary, older)
	project := n.path("locker", "projects", "demo", "1.0.0", "one", "cluster-init")
	n.mustRun(t)
	newer := map[string]string{"scripts/1.sh": "echo new >>$JETPACK_HOME/../ran\n", "scripts/2.sh": older["scripts/2.sh"], "files/a": "new", "files/more": "y"}
	os.RemoveAll(project)
	writeTree(t, project, newer)
	n.mustRun(t)
	n.checkTree(t, "one", newer)
	os.RemoveAll(project)
	writeTree(t, project, older)
	for name := range older {
		if err := os.Chtimes(filepath.Join(project, name), time.Unix(1e9, 0), time.Unix(1e9, 0)); err != nil {
			t.Fatal(err)
		}
	}
	n.mustRun(t)
	n.checkTree(t, "one", older)
	if text, _ := os.ReadFile(n.path("ran")); string(text) != "old\nsame\nnew\nold\n" {
		t.Errorf("ran %q", text)
	}
}
