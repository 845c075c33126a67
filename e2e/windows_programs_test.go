//go:build unix && windows_e2e

package e2e

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// windowsDispatcher: what a program of ours gets is what was given to jetpack.
func windowsDispatcher(t *testing.T, n windowsNode) {
	for _, want := range []string{"a b", "", `trailing\`, `two words\`, `a "quoted" word`, `\"`, "100%", "a&b|c<d>e^f", "ä ö"} {
		if r := n.program(t, "jetpack", "config", "no.such.key", want); r.Status != 0 || strings.TrimSuffix(r.Stdout, "\n") != want {
			t.Errorf("forwarded %q: %+v", want, r)
		}
	}
	n.fails(t, 1, "", "jetpack", "config", "no.such.key")
	n.fails(t, 2, "jetpack-config: ", "jetpack", "config", "--no-such-option")
	n.fails(t, 127, "jetpack: ", "jetpack", "no-such-command")
}

// windowsForF: FOR /F takes the output of jetpack.cmd line by line.
func windowsForF(t *testing.T, n windowsNode) {
	r := n.batch(t,
		`for /f "delims=" %%i in ('C:\cycle\jetpack\bin\jetpack.cmd config cyclecloud.node.name') do echo [%%i]`,
		`call C:\cycle\jetpack\bin\jetpack.cmd config no.such.key`,
		`echo status %ERRORLEVEL%`)
	if got := strings.ReplaceAll(r.Stdout, "\r", ""); got != "[execute-7]\nstatus 1\n" {
		t.Errorf("%q, want one line and status 1; %+v", got, r)
	}
	r = n.batch(t,
		`set "sentence=a & b | c < d e (f)"`,
		`setlocal EnableDelayedExpansion`,
		`set ERRORLEVEL=0`,
		`call C:\cycle\jetpack\bin\jetpack.cmd config no.such.key "!sentence!"`,
		`cd /d C:\windows`,
		`set PATH=%PATH%;C:\cycle\jetpack\bin`,
		`call "jetpack.cmd" config no.such.key "in Path"`,
		`cmd /c jetpack.cmd config no.such.key`,
		`if errorlevel 1 echo failed`)
	if got, want := strings.ReplaceAll(r.Stdout, "\r", ""), "a & b | c < d e (f)\nin Path\nfailed\n"; got != want {
		t.Errorf("%q, want %q; %+v", got, want, r)
	}
}

// windowsMessages: without a server messages are written to a file.
func windowsMessages(t *testing.T, n windowsNode) {
	n.ok(t, "jetpack-log", "the disk C: is full", "--level", "warn")
	n.Write(t, "job one.json", `{"job": 4711}`)
	n.ok(t, "jetpack-send", "-k", "accounting.job", "--file", `C:\job one.json`)
	lines := strings.Split(strings.TrimSpace(n.read(t, "cycle/jetpack/logs/messages.jsonl")), "\n")
	lines = lines[max(0, len(lines)-2):] // before them, what a converge has said
	if len(lines) != 2 || !strings.Contains(lines[0], "the disk C: is full") || !strings.Contains(lines[1], "4711") {
		t.Errorf("messages: %q", lines)
	}
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %q", line)
		}
	}
	if log := n.read(t, "cycle/jetpack/logs/jetpack.log"); !strings.Contains(log, "WARN") {
		t.Errorf("jetpack.log: %q", log)
	}
	n.fails(t, 2, "jetpack-log: ", "jetpack-log") // stdin is empty
}

func windowsKeepalive(t *testing.T, n windowsNode) {
	holds := func() (state struct {
		Active, Forever bool
		Until           *string
		Reason          string
	}) {
		if err := json.Unmarshal([]byte(n.ok(t, "jetpack-keepalive", "--status", "--json")), &state); err != nil {
			t.Error(err)
		}
		return state
	}
	for _, args := range [][]string{{"--replace"}, {"30m", "--replace"}, {"1h30m", "--reason", "two words"}, {"8"}, {"2d"}} {
		n.ok(t, "jetpack-keepalive", args...)
		if s := holds(); !s.Active || s.Forever || s.Until == nil {
			t.Errorf("after %q: %+v", args, s)
		}
	}
	n.ok(t, "jetpack-keepalive", "forever", "--reason", "debugging")
	if s := holds(); !s.Forever || s.Reason != "debugging" {
		t.Errorf("forever: %+v", s)
	}
	n.ok(t, "jetpack-keepalive", "--off")
	if s := holds(); s.Active {
		t.Errorf("after --off: %+v", s)
	}
	n.fails(t, 2, "jetpack-keepalive: ", "jetpack-keepalive", "soon")
}

// windowsReplace: one program replaces a file while another reads it, and
// none of them fails or sees a part.
func windowsReplace(t *testing.T, n windowsNode) {
	const keepalive = `C:\cycle\jetpack\bin\jetpack-keepalive.exe`
	n.ok(t, "jetpack-keepalive", "1h", "--replace")
	n.Write(t, "reader.cmd", "@for /l %%i in (1,1,25) do @"+keepalive+" --status --json >>C:\\seen.txt 2>&1\r\n@echo done>C:\\read.txt\r\n")
	r := n.batch(t,
		`start /b cmd /d /c C:\reader.cmd`,
		`for /l %%i in (1,1,25) do (`+keepalive+` 1h --replace --reason r%%i >nul`,
		`if errorlevel 1 echo failed)`,
		`:wait`,
		`if not exist C:\read.txt (ping -n 2 127.0.0.1 >nul & goto wait)`)
	if r.Status != 0 || r.Stdout != "" || r.Stderr != "" {
		t.Errorf("replacing: %+v", r)
	}
	seen := strings.ReplaceAll(n.read(t, "seen.txt"), "\r", "")
	if got := strings.Count(seen, `"active": true`) + strings.Count(seen, `"active":true`); got != 25 || strings.Contains(seen, "problem") {
		t.Errorf("%d readers saw a whole state, want 25:\n%s", got, seen)
	}
	entries, err := os.ReadDir(n.Drive("cycle", "jetpack", "run"))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".keepalive") {
			t.Errorf("left over: %s", e.Name())
		}
	}
	if err != nil {
		t.Error(err)
	}
	n.ok(t, "jetpack-keepalive", "--off")
}
