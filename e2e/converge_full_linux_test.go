package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fullStep is what a converge did on a disk with so much room, and what the
// next one did once there was more.
type fullStep struct {
	name                string
	status, next        string // exit statuses
	said, told, saidNow string // output, --status after it, output of the next
	tree                map[string]string
	runs                string // what the scripts of both have noted, elsewhere
}

// sweepFull converges the node on disks with more and more room, from none to
// plenty: each step a little disk of its own in the place of folder, which
// runs full at another moment. The options of tmpfs stand in for a disk's:
// bytes or inodes.
func sweepFull(t *testing.T, n *node, folder string, limits []string) []fullStep {
	t.Helper()
	results := n.path("results")
	at := n.path(folder)
	script := fmt.Sprintf(`
at='%s' out='%s' program='%s'
cp -a "$at" "$at.seed"
for limit in "$@"; do
	mkdir -p "$out/$limit"
	rm -rf "$MARKERS"
	mount -t tmpfs -o size=16m tmpfs "$at" && cp -a "$at.seed/." "$at/" || exit 1
	ln -sfn "$out/$limit" "$out/now"
	used=$(df -k --output=used "$at" | tail -1) inodes=$(df --output=iused "$at" | tail -1)
	case $limit in
	*k) mount -o remount,size=$((used + ${limit%%k}))k tmpfs "$at";;
	*i) mount -o remount,nr_inodes=$((inodes + ${limit%%i})) tmpfs "$at";;
	esac || exit 1
	"$program" >"$out/$limit/said" 2>&1; echo $? >"$out/$limit/status"
	cp -a "$TREE" "$out/$limit/tree" 2>/dev/null
	"$program" --status >"$out/$limit/told" 2>&1
	mount -o remount,size=16m,nr_inodes=0 tmpfs "$at" || exit 1
	"$program" >"$out/$limit/saidNow" 2>&1; echo $? >"$out/$limit/next"
	umount -l "$at" || exit 1
done`, at, results, n.binary)
	if err := os.MkdirAll(results, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("unshare", append([]string{"-r", "-m", "sh", "-c", script, "sh"}, limits...)...)
	cmd.Env = append(n.command().Env, "PATH="+os.Getenv("PATH"), "TREE="+n.path("init", "demo", "one"), "MARKERS="+n.path("home", "run", "cluster-init"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var steps []fullStep
	for _, limit := range limits {
		read := func(name string) string {
			text, _ := os.ReadFile(filepath.Join(results, limit, name))
			return strings.TrimSpace(string(text))
		}
		steps = append(steps, fullStep{name: limit, status: read("status"), next: read("next"), said: read("said"), told: read("told"),
			saidNow: read("saidNow"), runs: read("runs"), tree: readTree(t, filepath.Join(results, limit, "tree"))})
	}
	return steps
}

// check holds what is true of every step.
func (s fullStep) check(t *testing.T) {
	t.Helper()
	switch s.status {
	case "0":
		if !strings.HasPrefix(s.told, "result   ready") {
			t.Errorf("%s: it succeeded and then says %s", s.name, s.told)
		}
	case "1":
		if !strings.Contains(s.said, "no space left on device") && !strings.Contains(s.said, "No space left") || !strings.Contains(s.said, "hint: ") || !strings.Contains(s.said, "pace on ") {
			t.Errorf("%s: it says %s", s.name, s.said)
		}
		begun := !strings.Contains(s.said, "Cannot begin") // else the record is the last one's
		if begun && strings.HasPrefix(s.told, "result   ready") || strings.HasPrefix(s.told, "result   running") {
			t.Errorf("%s: it failed and then says %s", s.name, s.told)
		}
	default:
		t.Errorf("%s: status %s: %s", s.name, s.status, s.said)
	}
	if s.next != "0" {
		t.Errorf("%s: with room again: status %s: %s", s.name, s.next, s.saidNow)
	}
	for _, script := range []string{"1", "2"} {
		if !strings.Contains(s.runs, "end "+script) {
			t.Errorf("%s: script %s never ended: %s", s.name, script, s.runs)
		}
	}
	if strings.Count(s.runs, "end 1") > 2 || strings.Count(s.runs, "end 2") > 2 {
		t.Errorf("%s: a script ran again and again: %s", s.name, s.runs)
	}
}

// TestConvergeFullDisk: a disk that runs full at any moment of a converge ends
// in a clear failure, and the next one finishes what is left.
func TestConvergeFullDisk(t *testing.T) {
	t.Parallel()
	binary := convergeBinary(t)
	t.Run("home", func(t *testing.T) { t.Parallel(); testFullHome(t, binary) })
	t.Run("bytes", func(t *testing.T) { t.Parallel(); testFullInit(t, binary, "k", 0, 4, 40) })
	t.Run("inodes", func(t *testing.T) { t.Parallel(); testFullInit(t, binary, "i", 1, 1, 36) })
}

// fullProject has two scripts that note their runs on another disk.
func fullProject() map[string]string {
	files := map[string]string{"files/a": strings.Repeat("new", 3000), "files/b": "new", "files/deep/c": "new"}
	for _, i := range []string{"1", "2"} {
		files["scripts/"+i+".sh"] = "set -e\nhead -c 300000 /dev/zero | tr '\\0' '\\n'\necho end " + i + " >>$JETPACK_HOME/../results/now/runs\n"
	}
	return files
}

// testFullHome: the record, the log, node.json, Chef's files, the scripts'
// output and their markers are on one disk.
func testFullHome(t *testing.T, binary string) {
	n := localNode(t, binary, fullProject())
	project := n.path("home/config/configuration.json")
	if err := os.WriteFile(project, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	n.mustRun(t) // what takes long to find out is known now
	writeTree(t, n.path("locker", "projects", "demo", "1.0.0", "one", "chef"), map[string]string{"roles/r.json": "{}"})
	n.write(t, "home/config/configuration.json", `{"run_list": ["role[r]"], "cyclecloud": {"cluster_init_specs": [{"project": "demo", "version": "1.0.0", "spec": "one"}]}}`)
	n.write(t, "home/system/embedded/bin/cinc-client", "#!/bin/sh\nhead -c 250000 /dev/zero | tr '\\0' '\\n' || exit 1\n")
	if err := os.Chmod(n.path("home/system/embedded/bin/cinc-client"), 0o755); err != nil {
		t.Fatal(err)
	}
	limits := []string{}
	for room := 0; room <= 1500; room += 8 + room/10 {
		limits = append(limits, fmt.Sprintf("%dk", room))
	}
	phases := map[string]bool{}
	for _, s := range sweepFull(t, n, "home", limits) {
		s.check(t)
		phases[failedPhase(s)] = true
	}
	t.Logf("failed in %v", phases)
	for _, phase := range []string{"node", "chef", "scripts", "none"} {
		if !phases[phase] {
			t.Errorf("no disk ran full in phase %s: %v", phase, phases)
		}
	}
}

// failedPhase is what --status names, "start" where nothing could be noted.
func failedPhase(s fullStep) string {
	if s.status == "0" {
		return "none"
	}
	for line := range strings.Lines(s.told) {
		if fields := strings.Fields(line); len(fields) > 2 && fields[0] == "phase" && fields[1] == "failed" {
			return fields[2]
		}
	}
	return "start"
}

// testFullInit: the trees are on the disk that runs full. The old one stays
// whole, or the new one is.
func testFullInit(t *testing.T, binary, unit string, from, step, to int) {
	old := map[string]string{"files/a": "old"}
	n := localNode(t, binary, old)
	n.mustRun(t)
	project := n.path("locker", "projects", "demo", "1.0.0", "one", "cluster-init")
	os.RemoveAll(project)
	writeTree(t, project, fullProject())
	limits := []string{}
	for room := from; room <= to; room += step {
		limits = append(limits, fmt.Sprint(room)+unit)
	}
	succeeded, failed := 0, 0
	for _, s := range sweepFull(t, n, "init", limits) {
		s.check(t)
		want := fullProject()
		if s.status != "0" {
			want = old
			failed++
		} else {
			succeeded++
		}
		if fmt.Sprint(s.tree) != fmt.Sprint(want) {
			t.Errorf("%s: status %s, and the tree holds %d files", s.name, s.status, len(s.tree))
		}
	}
	if succeeded == 0 || failed < 3 {
		t.Errorf("%d succeeded, %d failed", succeeded, failed)
	}
}
