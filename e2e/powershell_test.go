//go:build unix

package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// parsed is what powershell/parse.cjs finds in a script.
type parsed struct {
	Faults   []string
	Commands []struct {
		Line       int
		Name       string
		Parameters []string
	}
}

func parsePowerShell(t *testing.T, script string) (p parsed) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	modules := filepath.Join(cache, "jetpack", "powershell", "node_modules")
	if _, err := os.Stat(filepath.Join(modules, "tree-sitter-powershell")); err != nil {
		t.Fatalf("there is no grammar of PowerShell: run .ci/setup, or npm install --ignore-scripts --prefix %s tree-sitter-powershell web-tree-sitter", filepath.Dir(modules))
	}
	// V8 would spend half a minute on optimising the grammar.
	cmd := exec.CommandContext(t.Context(), "node", "--liftoff-only", "powershell/parse.cjs", modules)
	cmd.Stdin = strings.NewReader(script)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v (apt-get install npm)\n%s", err, &stderr)
	}
	if err := json.Unmarshal(stdout.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPowerShell: our scripts are PowerShell, and call cmdlets by names and
// parameters that there are. Nobody here can run them.
func TestPowerShell(t *testing.T) {
	t.Parallel()
	cmdlets := map[string][]string{}
	for line := range strings.Lines(readText(t, "powershell/cmdlets.txt")) {
		if words := strings.Fields(line); words[0] != "#" {
			cmdlets[words[0]] = words[1:]
		}
	}
	completion, err := exec.Command(filepath.Join(buildPrograms(t, "jetpack"), "jetpack"), "completion", "powershell").Output()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for name, script := range map[string]string{"install.ps1": readText(t, "../packaging/windows/install.ps1"), "completion": string(completion)} {
		p := parsePowerShell(t, script)
		for _, fault := range p.Faults {
			t.Errorf("%s:%s", name, fault)
		}
		own := functions(script)
		for _, c := range p.Commands {
			known, is := cmdlets[c.Name]
			used[c.Name] = true
			if !is && !own[c.Name] && c.Name != "" {
				t.Errorf("%s:%d: there is no %s", name, c.Line, c.Name)
			}
			for _, parameter := range c.Parameters {
				if is && !slices.Contains(known, parameter) {
					t.Errorf("%s:%d: %s has no %s", name, c.Line, c.Name, parameter)
				}
			}
		}
	}
	for name := range cmdlets {
		if !used[name] {
			t.Errorf("powershell/cmdlets.txt: no script calls %s any more", name)
		}
	}
	if p := parsePowerShell(t, "if ($x { Write-Output 1 }"); len(p.Faults) == 0 {
		t.Error("a fault is not found")
	}
}

var functionName = regexp.MustCompile(`(?m)^function ([A-Za-z-]+)`)

// functions are those that a script defines.
func functions(script string) map[string]bool {
	own := map[string]bool{}
	for _, found := range functionName.FindAllStringSubmatch(script, -1) {
		own[found[1]] = true
	}
	return own
}
