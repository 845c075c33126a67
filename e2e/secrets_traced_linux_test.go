package e2e

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// started is a program that a traced one has started: the line of the trace
// tells the program, its arguments and its whole environment.
var started = regexp.MustCompile(`(?m)^(?:\d+ +)?execve(?:at)?\(.*$`)

// TestNoSecretIsHandedOn plants secrets in every file of a node that can hold
// some, and in the environment of its programs, and reads with the kernel's
// help each program that is started by a converge with Chef, by a message, by
// the checks and by what they lead to: no argument and no environment holds a
// secret. A look into /proc now and then would miss what is gone at once.
func TestNoSecretIsHandedOn(t *testing.T) {
	t.Parallel()
	word := func(name string) string { return fmt.Sprintf("s3cret%s%016x", name, rand.Uint64()) }
	secrets := map[string]string{"the server's password": word("server"), "the broker's password": word("broker"), "the locker's signature": word("sas"),
		"the link's signature": word("link"), "a password of the configuration": word("tree"), "a key of the configuration": word("key"), "the environment's password": word("environment")}
	n := localNode(t, filepath.Join(buildPrograms(t, programNames(t)...), "jetpack-converge"), map[string]string{
		"scripts/1.sh": "echo begun; /bin/echo canary-of-a-script; \"$JETPACK_HOME/bin/jetpack\" log 'from a script'\n",
		"scripts/2.sh": "env\n", "files/x": "y\n",
	})
	command(t, ".", "cp", "-r", filepath.Dir(n.binary), n.path("home/bin"))
	command(t, ".", "install", "-D", "chef/client", n.path("home/system/embedded/bin/cinc-client"))
	command(t, ".", "cp", "-r", "chef/project", n.path("locker/projects/demo/1.0.0/one/chef"))
	n.write(t, "home/config/configuration.json", fmt.Sprintf(`{"run_list": ["role[base]"], "writer": {"path": %q}, "mysql": {"password": %q},
		"cyclecloud": {"cluster": {"name": "lab"}, "node": {"name": "n1", "key": %q}, "healthcheck": {"action": ["/bin/echo", "canary-of-the-action"]},
		"cluster_init_specs": [{"project": "demo", "version": "1.0.0", "spec": "one"}]}}`, n.path("wrote"), secrets["a password of the configuration"], secrets["a key of the configuration"]))
	n.write(t, "home/config/connection.json", fmt.Sprintf(`{"cluster": "lab", "url": "https://127.0.0.1:1", "username": "node", "password": %q,
		"broker": {"url": "amqp://node:%s@127.0.0.1:1"}}`, secrets["the server's password"], secrets["the broker's password"]))
	n.write(t, "home/config/lockers.json", fmt.Sprintf(`{"default": "here", "lockers": {"here": {"url": "file://%s"},
		"az": {"url": "az://account/container", "sas": "sp=rl&sig=%s"}, "other": {"url": "https://127.0.0.1:1/other/c?sp=rl&sig=%s"}}}`,
		n.path("locker"), secrets["the locker's signature"], secrets["the link's signature"]))
	n.write(t, "home/config/healthcheck.d/sick.sh", "/bin/echo canary-of-a-check; \"$JETPACK_HOME/bin/jetpack\" log 'from a check'; exit 254\n")
	if err := os.Chmod(n.path("home/config/healthcheck.d/sick.sh"), 0o700); err != nil {
		t.Fatal(err)
	}

	h := &handedOn{t: t, n: n, secrets: secrets}
	h.trace(0, "canary-of-a-script", "jetpack-converge")
	h.trace(0, "", "jetpack-log", "a word")
	h.trace(0, "", "jetpack", "log", "another")
	h.trace(0, "", "jetpack-send", "-k", "key", "body")
	h.trace(75, "", "jetpack-send", "--check")
	h.trace(0, "", "jetpack-config", "--json")
	h.trace(0, "", "jetpack-keepalive", "1h")
	h.trace(0, "", "jetpack-keepalive", "--off")
	h.trace(75, "", "jetpack-download", "--locker", "other", "--project", "demo", "x", n.path("downloaded"))
	h.trace(254, "canary-of-a-check", "healthcheckd", "once")
	h.trace(0, "canary-of-a-check", "healthcheckd", "run")
	if err := os.Remove(n.path("home/config/connection.json")); err != nil { // an action waits for the server
		t.Fatal(err)
	}
	h.trace(0, "canary-of-the-action", "healthcheckd", "run")
	h.everywhereElse()
}

// handedOn holds programs to handing on no secret.
type handedOn struct {
	t       *testing.T
	n       *node
	secrets map[string]string
}

// trace runs a program, and reads what it has started; the canary is an
// argument that has to be among that. A service is ended after three seconds.
func (h *handedOn) trace(status int, canary string, args ...string) {
	h.t.Helper()
	cmd := h.n.command()
	trace := filepath.Join(h.t.TempDir(), "trace")
	cmd.Args = append([]string{"strace", "-f", "--seccomp-bpf", "-qq", "-v", "-s", "1000000", "-e", "trace=execve,execveat", "-e", "signal=none", "-o", trace,
		"timeout", "--preserve-status", "20", h.n.path("home/bin", args[0])}, args[1:]...)
	if args[len(args)-1] == "run" {
		cmd.Args[slices.Index(cmd.Args, "20")] = "3"
	}
	cmd.Path, cmd.Dir = "/usr/bin/strace", h.n.dir
	cmd.Env = append(cmd.Env, "PATH=/usr/bin:/bin", "JETPACK_PASSWORD="+h.secrets["the environment's password"])
	cmd.WaitDelay = 10 * time.Second
	said, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		h.t.Fatalf("%v (apt-get install strace)", err)
	}
	if got := cmd.ProcessState.ExitCode(); got != status {
		h.t.Errorf("%q: status %d, want %d: %s", args, got, status, said)
	}
	if args[0] != "jetpack-config" { // whose work is to print them
		h.search(fmt.Sprintf("what %q prints", args), string(said))
	}
	seen := false
	for i, call := range started.FindAllString(readText(h.t, trace), -1) {
		// strace starts timeout, which starts the program, and jetpack becomes
		// another: these are to have the environment as it was given.
		own := i < 2 || args[0] == "jetpack" && i == 2
		if own {
			call = strings.ReplaceAll(call, "JETPACK_PASSWORD="+h.secrets["the environment's password"], "")
		}
		h.search(fmt.Sprintf("what %q starts", args), call)
		seen = seen || canary != "" && strings.Contains(call, `"`+canary+`"`)
	}
	if !seen && canary != "" {
		h.t.Errorf("%q: the trace does not hold %s: it tells too little", args, canary)
	}
}

func (h *handedOn) search(what, text string) {
	h.t.Helper()
	for name, secret := range h.secrets {
		if strings.Contains(text, secret) {
			h.t.Errorf("%s holds %s: %.2000s", what, name, text)
		}
	}
}

// everywhereElse: in no file below the node's folder, a core dump say, but those
// that are to hold secrets. Chef's copy of the configuration is for root alone.
func (h *handedOn) everywhereElse() {
	h.t.Helper()
	if info, err := os.Stat(h.n.path("home/run/chef")); err != nil || info.Mode().Perm()&0o077 != 0 {
		h.t.Errorf("others can reach Chef's copy: %v, %v", info.Mode(), err)
	}
	entitled := regexp.MustCompile(`^home/(config/(configuration|lockers|node)\.json|run/chef/.*)$`)
	err := filepath.WalkDir(h.n.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if name, _ := filepath.Rel(h.n.dir, path); !entitled.MatchString(name) {
			h.search(name, readText(h.t, path))
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}
