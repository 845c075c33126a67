//go:build linux

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"jetpack.internal/e2e/docs"
)

// stage is the machine on which a page's commands are run.
type stage struct {
	// prepare lays more into the seed of the machine, and may start servers.
	// It names folders of this machine that the other is to share.
	prepare func(t *testing.T, seed string) (shared []string)
	// before is run in the machine before the page's commands.
	before string
	// bare is a machine without a node on it.
	bare bool
	// repository puts the shell into a copy of this one, or a folder of it.
	repository bool
	folder     string
}

// stages are those that are more than a node with a configuration, a locker in
// a folder, and no server.
var stages = map[string]stage{
	"README.md":        {repository: true, bare: true},
	"docs/delivery.md": {before: serverAway + "jetpack log 'not there yet'"},
	"jetpack-download/README.md": {before: "cd /srv/locker; mkdir -p blobs/slurm blobs/pbspro blobs/classroom/examples; touch blobs/slurm/azure-slurm-pkg-4.0.0.tar.gz" +
		" blobs/pbspro/openpbs-execution-22.05.11.x86_64.rpm blobs/classroom/examples/classroom.zip; cd /root; export CYCLECLOUD_PROJECT_NAME=classroom"},
	"docs/troubleshooting.md": {before: "jetpack converge"},
	"docs/projects.md":        {before: "rm -r /opt/cycle/jetpack/config /srv/locker"}, // whoever comes straight to it has neither
	"docs/protocol.md":        {repository: true, folder: "docs", prepare: withServers},
}

const serverAway = `echo '{"broker": {"url": "amqp://127.0.0.1:9"}}' >/opt/cycle/jetpack/config/connection.json; `

// play runs the commands one after another in one shell on a machine that is
// made for them, as root there.
func (s stage) play(t *testing.T, bin string, commands []docs.Command) {
	t.Helper()
	if s.before != "" {
		commands = append([]docs.Command{{Page: "before", Text: s.before}}, commands...)
	}
	written := t.TempDir()
	seed, shared := s.seed(t, bin)
	for i, c := range commands {
		writeText(t, filepath.Join(written, strconv.Itoa(i)), c.Text)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	args := []string{"--mount", "--pid", "--fork", "--kill-child"}
	if os.Geteuid() != 0 {
		args = append(args, "--map-root-user")
	}
	args = append(append(args, "docs/machine", t.TempDir(), seed, written), shared...)
	environment := []string{"PATH=/opt/broker:" + os.Getenv("PATH") + ":/usr/sbin:/sbin:/opt/cycle/jetpack/bin", "HOME=/root", "LANG=C.UTF-8", "TZ=UTC",
		"JETPACK_IMDS_ENDPOINT=none", "JOB_ID=4711"}
	if s.repository {
		caches := strings.Fields(command(t, ".", "go", "env", "GOCACHE", "GOMODCACHE"))
		args = append(args, caches...)
		environment = append(environment, "GOCACHE="+caches[0], "GOMODCACHE="+caches[1], "PLAY_IN=/root/jetpack/"+s.folder)
	}
	cmd := exec.CommandContext(ctx, "unshare", args...)
	cmd.Env = environment
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("the machine: %v (unshare is of util-linux)\n%s", err, out)
	}
	judge(t, written, commands)
}

// judge compares what was printed with what the pages show. A command that
// fails may only be one whose status the next one prints.
func judge(t *testing.T, written string, commands []docs.Command) {
	t.Helper()
	for i, c := range commands {
		status, err := os.ReadFile(filepath.Join(written, fmt.Sprintf("%d.status", i)))
		if err != nil {
			t.Errorf("%s: %s\nended the shell, or did not end", c.At(), c.Text)
			return
		}
		printed := readText(t, filepath.Join(written, fmt.Sprintf("%d.out", i)))
		asked := i+1 < len(commands) && commands[i+1].Text == "echo $?"
		if got := string(bytes.TrimSpace(status)); got != "0" && !asked {
			t.Errorf("%s: %s\nexit status %s\n%s", c.At(), c.Text, got, printed)
		}
		if c.Prints && !docs.Matches(c.Output, printed) {
			t.Errorf("%s: %s\nshown:\n%s\nprinted:\n%s", c.At(), c.Text, strings.Join(c.Output, "\n"), printed)
		}
	}
}

// seed is what the machine has of its own: a node, its locker and files.
func (s stage) seed(t *testing.T, bin string) (seed string, shared []string) {
	t.Helper()
	seed = t.TempDir()
	command(t, ".", "cp", "docs/play", seed)
	if !s.bare {
		seedNode(t, bin, seed)
	}
	if s.repository {
		command(t, "..", "sh", "-c", `mkdir -p "$1" && git ls-files -z --cached --others --exclude-standard | tar --null -T - -c | tar -x -C "$1"`, "sh", filepath.Join(seed, "root", "jetpack"))
	}
	if s.prepare != nil {
		shared = s.prepare(t, seed)
	}
	return seed, shared
}

// seedNode: a node's home, and a locker in a folder.
func seedNode(t *testing.T, bin, seed string) {
	t.Helper()
	command(t, ".", "cp", "-R", "docs/seed/.", seed)
	home := filepath.Join(seed, "opt", "cycle", "jetpack")
	for _, folder := range []string{"bin", "logs", "run", "config/healthcheck.d"} {
		if err := os.MkdirAll(filepath.Join(home, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	command(t, ".", "sh", "-c", `cp "$1"/* "$2/bin" && ln -s healthcheckd "$2/bin/healthcheck" && chmod 640 "$2"/config/*.json`, "sh", bin, home)
	locker := filepath.Join(seed, "srv", "locker", "projects", "demo", "1.0.0")
	if err := os.MkdirAll(locker, 0o755); err != nil {
		t.Fatal(err)
	}
	command(t, ".", "cp", "-R", "demo/project/default", locker)
}
