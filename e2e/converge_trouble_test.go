//go:build !windows

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// localNode is a node whose locker is a folder with these cluster-init files.
func localNode(t testing.TB, binary string, files map[string]string) *node {
	t.Helper()
	n := newNode(t, binary, "", "one")
	n.write(t, "home/config/lockers.json", fmt.Sprintf(`{"lockers": {"here": {"url": "file://%s"}}}`, n.path("locker")))
	writeTree(t, n.path("locker", "projects", "demo", "1.0.0", "one", "cluster-init"), files)
	return n
}

func TestConvergeInTrouble(t *testing.T) {
	binary := convergeBinary(t)
	t.Run("two at once", func(t *testing.T) { testTwoAtOnce(t, binary) })
	t.Run("disk full", func(t *testing.T) { testDiskFull(t, binary) })
	t.Run("home full", func(t *testing.T) { testHomeFull(t, binary) })
	t.Run("home read-only", func(t *testing.T) { testHomeReadOnly(t, binary) })
	t.Run("terminal", func(t *testing.T) { testTerminal(t, binary) })
	t.Run("clock", func(t *testing.T) { testClock(t, binary) })
	t.Run("older", func(t *testing.T) { testOlder(t, binary) })
	t.Run("daemon", func(t *testing.T) { testDaemon(t, binary) })
	t.Run("output", func(t *testing.T) { testOutput(t, binary) })
	t.Run("many specs", func(t *testing.T) { testManySpecs(t, binary) })
	t.Run("interrupted", func(t *testing.T) { testInterrupted(t, binary) })
	t.Run("orphan", func(t *testing.T) { testOrphan(t, binary) })
}

// alive tells whether a process runs. One that nobody has waited for does not.
func alive(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(text), ") Z ")
}

func testTwoAtOnce(t *testing.T, binary string) {
	n := localNode(t, binary, map[string]string{"scripts/1.sh": "echo ran >> $JETPACK_HOME/../ran\nwhile [ ! -e $JETPACK_HOME/../go ]; do sleep 0.01; done\n"})
	first := n.command()
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { _, err := os.Stat(n.path("ran")); return err == nil })
	status, out := n.run(t)
	if status != 75 || !strings.Contains(out, fmt.Sprintf("pid %d", first.Process.Pid)) {
		t.Errorf("the second: status %d: %s", status, out)
	}
	if _, out := n.run(t, "--status"); !strings.Contains(out, "result   running") {
		t.Errorf("the status: %s", out)
	}
	waiting := n.command("--lock-timeout", "60s")
	if err := waiting.Start(); err != nil {
		t.Fatal(err)
	}
	n.write(t, "go", "")
	if err := first.Wait(); err != nil {
		t.Error(err)
	}
	if err := waiting.Wait(); err != nil {
		t.Errorf("the one that waits: %v", err)
	}
	if text, _ := os.ReadFile(n.path("ran")); string(text) != "ran\n" {
		t.Errorf("ran %q", text)
	}
}

// onSmallDisk runs the command with a disk of its own, of so many kilobytes,
// at path, in a namespace that ends with it.
func onSmallDisk(t testing.TB, cmd *exec.Cmd, path string, kilobytes int, before string) (int, string) {
	t.Helper()
	script := fmt.Sprintf("set -e; cp -a '%[1]s' '%[1]s.seed'; mount -t tmpfs -o size=%[2]dk tmpfs '%[1]s'; cp -a '%[1]s.seed/.' '%[1]s/'; %[3]s\nset +e; '%[4]s'; status=$?; cp -a '%[1]s/.' '%[1]s.seed/'; exit $status",
		path, kilobytes, before, strings.Join(cmd.Args, "' '"))
	inside := exec.Command("unshare", "-r", "-m", "sh", "-c", script)
	inside.Env = append(cmd.Env, "PATH="+os.Getenv("PATH"))
	out, _ := inside.CombinedOutput()
	return inside.ProcessState.ExitCode(), string(out)
}

// testDiskFull: the download does not fit. The old tree stays.
func testDiskFull(t *testing.T, binary string) {
	n := localNode(t, binary, map[string]string{"files/a": "old"})
	n.mustRun(t)
	writeTree(t, n.path("locker", "projects", "demo", "1.0.0", "one", "cluster-init"), map[string]string{"files/a": "new", "files/large": random(3<<20, 1)})
	status, out := onSmallDisk(t, n.command(), n.path("init"), 2000, "")
	if status != 1 || !strings.Contains(out, "no space left on device") || !strings.Contains(out, "hint: Free space") {
		t.Errorf("status %d: %s", status, out)
	}
	if got := readTree(t, n.path("init.seed", "demo", "one")); got["files/a"] != "old" || len(got) != 1 {
		t.Errorf("the old tree is now %v", got)
	}
	n.mustRun(t)
	if n.tree(t, "one")["files/a"] != "new" {
		t.Error("with room, the new tree does not come")
	}
}

// testHomeFull: not even the record can be written. Nothing runs.
func testHomeFull(t *testing.T, binary string) {
	n := localNode(t, binary, map[string]string{"scripts/1.sh": "touch $JETPACK_HOME/../ran\n"})
	status, out := onSmallDisk(t, n.command(), n.path("home"), 400, fmt.Sprintf("dd if=/dev/zero of='%s' bs=1k count=1000 2>/dev/null || true", n.path("home", "fill")))
	if status != 1 || !strings.Contains(out, "no space left on device") {
		t.Errorf("status %d: %s", status, out)
	}
	if _, err := os.Stat(n.path("ran")); err == nil {
		t.Error("a script ran although nothing could be remembered")
	}
}

// testHomeReadOnly: nothing runs, and it is said why.
func testHomeReadOnly(t *testing.T, binary string) {
	n := localNode(t, binary, map[string]string{"scripts/1.sh": "touch $JETPACK_HOME/../ran\n"})
	for _, before := range []string{"mount -o remount,ro tmpfs", "mkdir -p '" + n.path("home", "run") + "'; mount -o remount,ro tmpfs"} {
		status, out := onSmallDisk(t, n.command(), n.path("home"), 4000, before+" '"+n.path("home")+"'")
		if status != 2 && status != 1 || !strings.Contains(out, "read-only file system") || !strings.Contains(out, n.path("home", "run")) || !strings.Contains(out, "hint: The disk can only be read") {
			t.Errorf("status %d: %s", status, out)
		}
		os.RemoveAll(n.path("home.seed"))
	}
	if _, err := os.Stat(n.path("ran")); err == nil {
		t.Error("a script ran although nothing could be remembered")
	}
}

// testTerminal: a terminal gets pictures, in colours unless they are unwanted;
// nothing of them is in the logs.
func testTerminal(t *testing.T, binary string) {
	n := localNode(t, binary, map[string]string{"scripts/1.sh": "sleep 0.3\n", "scripts/2.sh": "sleep 0.5; for i in $(seq 30); do echo $i; done; exit 7\n", "files/a": "a"})
	for _, noColor := range []string{"", "1"} {
		cmd := n.command()
		onTerminal := exec.Command("script", "-qec", "stty cols 80 rows 24; '"+strings.Join(cmd.Args, "' '")+"'", "/dev/null")
		onTerminal.Env = append(cmd.Env, "PATH="+os.Getenv("PATH"), "NO_COLOR="+noColor)
		text, _ := onTerminal.CombinedOutput()
		out := string(text)
		if onTerminal.ProcessState.ExitCode() != 1 || !strings.Contains(out, "Failed to execute cluster-init script '2.sh' in project 'demo' (return code: 7)") {
			t.Fatalf("%v: %q", onTerminal.ProcessState, out)
		}
		if !strings.Contains(out, "\r\x1b[K") || !strings.Contains(out, "(20 lines before)") || !strings.Contains(out, "\nfailed: ") {
			t.Errorf("it looks like %q", out)
		}
		if coloured := strings.Contains(out, "\x1b[31m"); coloured != (noColor == "") {
			t.Errorf("NO_COLOR=%s: it looks like %q", noColor, out)
		}
	}
	for name, text := range readTree(t, n.path("home", "logs")) {
		if strings.Contains(text, "\x1b") {
			t.Errorf("%s steers a terminal: %q", name, text)
		}
	}
	if _, out := n.run(t); strings.Contains(out, "\x1b") || !strings.Contains(out, "  | 1\n") {
		t.Errorf("without a terminal: %q", out)
	}
}

// testDaemon: what a script leaves behind lives on and can go on writing.
func testDaemon(t *testing.T, binary string) {
	n := localNode(t, binary, map[string]string{"scripts/1.sh": "#!/bin/sh\n" +
		"(while [ ! -e $JETPACK_HOME/../stop ]; do sleep 0.01; done; echo still here; echo done > $JETPACK_HOME/../stopped) &\n" +
		"echo $! > $JETPACK_HOME/../pid\n"})
	n.mustRun(t)
	text, err := os.ReadFile(n.path("pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || syscall.Kill(pid, 0) != nil {
		t.Fatalf("the daemon %q is gone: %v", text, err)
	}
	n.write(t, "stop", "")
	waitFor(t, func() bool { _, err := os.Stat(n.path("stopped")); return err == nil })
	out, err := os.ReadFile(n.path("home", "logs", "cluster-init", "demo", "one", "scripts", "1.sh.out"))
	if err != nil || string(out) != "still here\n" {
		t.Errorf("its output is %q, %v", out, err)
	}
}

// testOutput: no newline at the end, lines without end, bytes that are no
// text, and more than any disk should take.
func testOutput(t *testing.T, binary string) {
	n := localNode(t, binary, map[string]string{
		"scripts/1.sh": "head -c 2000000 /dev/zero | tr '\\0' x",
		"scripts/2.sh": "head -c 100000 /dev/urandom",
		"scripts/3.sh": "head -c 300000000 /dev/zero; echo the end; sleep 1; exit 1",
	})
	status, out := n.run(t)
	if status != 1 || !strings.Contains(out, "the end") {
		t.Errorf("status %d: %d bytes", status, len(out))
	}
	if strings.ContainsFunc(out, func(r rune) bool { return r < ' ' && r != '\n' }) {
		t.Error("the output steers the terminal")
	}
	info, err := os.Stat(n.path("home", "logs", "cluster-init", "demo", "one", "scripts", "3.sh.out"))
	if err != nil {
		t.Fatal(err)
	}
	if used := info.Sys().(*syscall.Stat_t).Blocks * 512; info.Size() < 300_000_000 || used > 64<<20 {
		t.Errorf("%d bytes of output take %d on the disk", info.Size(), used)
	}
}

func testManySpecs(t *testing.T, binary string) {
	n := newNode(t, binary, "")
	n.write(t, "home/config/lockers.json", fmt.Sprintf(`{"lockers": {"here": {"url": "file://%s"}}}`, n.path("locker")))
	var specs []string
	for i := range 300 {
		specs = append(specs, fmt.Sprintf(`{"project": "p%d", "version": "1", "spec": "s"}`, i))
		writeTree(t, n.path("locker", "projects", fmt.Sprintf("p%d", i), "1", "s", "cluster-init"), map[string]string{"scripts/1.sh": fmt.Sprintf("echo %d >> $JETPACK_HOME/../order\n", i)})
	}
	n.write(t, "home/config/configuration.json", `{"cyclecloud": {"cluster_init_specs": [`+strings.Join(specs, ",")+`]}}`)
	n.mustRun(t)
	text, _ := os.ReadFile(n.path("order"))
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if line != strconv.Itoa(i) {
			t.Fatalf("script %d was %q", i, line)
		}
	}
}

// testInterrupted: a SIGTERM ends the script, is told, and ends the converge
// by the same signal.
func testInterrupted(t *testing.T, binary string) {
	n := localNode(t, binary, map[string]string{"scripts/1.sh": "echo $$ > $JETPACK_HOME/../pid\nexec sleep 300\n"})
	cmd := n.command()
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { text, _ := os.ReadFile(n.path("pid")); return strings.HasSuffix(string(text), "\n") })
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGTERM {
		t.Errorf("ended with %v: %s", cmd.ProcessState, out.String())
	}
	text, _ := os.ReadFile(n.path("pid"))
	if pid, _ := strconv.Atoi(strings.TrimSpace(string(text))); pid == 0 || alive(pid) {
		t.Errorf("the script %q lives on", text)
	}
	if _, out := n.run(t, "--status"); !strings.Contains(out, "Software configuration was stopped") {
		t.Errorf("the status: %s", out)
	}
}

// testOrphan: a converge that was killed leaves its script running; the next
// one ends it before it runs the script again.
func testOrphan(t *testing.T, binary string) {
	n := localNode(t, binary, map[string]string{"scripts/1.sh": "echo $$ >> $JETPACK_HOME/../pids\n[ -e $JETPACK_HOME/../go ] || exec sleep 300\n"})
	cmd := n.command()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { text, _ := os.ReadFile(n.path("pids")); return strings.HasSuffix(string(text), "\n") })
	cmd.Process.Kill()
	cmd.Wait()
	if _, out := n.run(t, "--status"); !strings.Contains(out, "Software configuration was interrupted") {
		t.Errorf("the status: %s", out)
	}
	n.write(t, "go", "")
	if out := n.mustRun(t); !strings.Contains(out, "had left") {
		t.Errorf("nothing is said: %s", out)
	}
	text, _ := os.ReadFile(n.path("pids"))
	pids := strings.Fields(string(text))
	if pid, _ := strconv.Atoi(pids[0]); len(pids) != 2 || alive(pid) {
		t.Errorf("of the runs %q the first lives on", pids)
	}
}
