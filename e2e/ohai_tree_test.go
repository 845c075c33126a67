//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestWholeTree: `jetpack config --json` has every key that `ohai` prints,
// starts no program, and asks no metadata service on a machine that is no
// Azure VM.
func TestWholeTree(t *testing.T) {
	dir := t.TempDir()
	program := buildConfig(t, dir)
	trace := filepath.Join(dir, "trace")
	cmd := exec.Command("strace", "-f", "-o", trace, "-e", "trace=execve,execveat,connect,sendto", program, "--json")
	env := append(os.Environ(), "JETPACK_HOME="+filepath.Join(dir, "home"))
	if onAzure() { // no test asks the real service
		env = append(env, "JETPACK_IMDS_ENDPOINT=none")
	}
	cmd.Env = env
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v (apt-get install strace)", err)
	}
	var tree map[string]any
	if err := json.Unmarshal(out, &tree); err != nil {
		t.Fatal(err)
	}
	for _, key := range ohaiKeys(t, dir) {
		if _, has := tree[key]; !has && key != "IPAddress" {
			t.Errorf("no key %q, which Ohai prints", key)
		}
	}
	checkCalls(t, trace)
	checkMemory(t, cmd.Env, program, "--json")
	for key, programs := range map[string]string{
		"cyclecloud.node.name": "", "memory.total": "", "no.such.key": "", "ipaddress": "", "packages": "", // this machine has no rpm database of its own
		"azure": "", "azure.metadata.compute.vmId": "", "cloud.provider": "",
		"languages.perl.version": "perl", "languages.NONSENSE": "", "languages.perl6": "",
	} {
		t.Run(key, func(t *testing.T) {
			trace := filepath.Join(t.TempDir(), "trace")
			cmd := exec.Command("strace", "-f", "-o", trace, "-e", "trace=execve,execveat,socket", program, key, "default")
			cmd.Env = env
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			checkSources(t, trace, programs)
		})
	}
}

// checkSources: a key of no fact that lives on the network opens no socket to
// it, and starts no program but the one it is about.
func checkSources(t *testing.T, trace, programs string) {
	t.Helper()
	calls, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	if socket := regexp.MustCompile(`socket\((AF|PF)_(INET|UNIX).*`).Find(calls); socket != nil {
		t.Errorf("opened %s", socket)
	}
	var started []string
	for _, call := range regexp.MustCompile(`execve(?:at)?\("([^"]*)"[^\n]* = 0`).FindAllSubmatch(calls, -1)[1:] {
		started = append(started, filepath.Base(string(call[1])))
	}
	if got := strings.Join(started, " "); got != programs {
		t.Errorf("started %q, not %q", got, programs)
	}
}

// checkMemory starts the program from a small one: the peak of a process
// counts that of the process which it was forked from.
func checkMemory(t *testing.T, env []string, command ...string) {
	t.Helper()
	const most = 20 << 10 // kB of memory at the peak
	const measure = "import resource, subprocess, sys; subprocess.check_output(sys.argv[1:]); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
	python := exec.Command("python3", append([]string{"-c", measure}, command...)...)
	python.Env = env
	out, err := python.Output()
	if err != nil {
		t.Fatal(err)
	}
	peak, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil || peak > most {
		t.Errorf("took %d kB of memory, more than %d (%v)", peak, most, err)
	}
	t.Logf("%d kB of memory at the peak", peak)
}

// buildConfig builds jetpack-config beside an empty home.
func buildConfig(t *testing.T, dir string) string {
	t.Helper()
	program := filepath.Join(dir, "jetpack-config")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir, build.Env = "../jetpack-config", append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("cannot build jetpack-config: %v\n%s", err, out)
	}
	write(t, filepath.Join(dir, "home/config/configuration.json"), []byte("{}"))
	return program
}

func checkCalls(t *testing.T, trace string) {
	t.Helper()
	calls, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(calls, []byte("execve")); n != 1 {
		t.Errorf("%d programs were started, not itself alone", n)
	}
	for line := range strings.Lines(string(calls)) {
		if strings.Contains(line, "169.254.") || regexp.MustCompile(`connect\(.*sin6?_port=htons\((80|443)\)`).MatchString(line) {
			t.Errorf("asked a service: %s", line)
		}
	}
}

func onAzure() bool {
	tag, _ := os.ReadFile("/sys/class/dmi/id/chassis_asset_tag")
	return strings.TrimSpace(string(tag)) == "7783-7084-3265-9085-8269-3286-77"
}

func ohaiKeys(t *testing.T, dir string) (keys []string) {
	t.Helper()
	config := filepath.Join(dir, "ohai.rb")
	if err := os.WriteFile(config, []byte(strings.Split(ohaiRules, "\n")[1]), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ohai", "-c", config).Output()
	if err != nil {
		t.Fatalf("%v (apt-get install ohai)", err)
	}
	var tree map[string]any
	if err := json.Unmarshal(out, &tree); err != nil {
		t.Fatal(err)
	}
	for key := range tree {
		keys = append(keys, key)
	}
	return keys
}
