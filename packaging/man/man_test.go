package man

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every program's page renders without a warning, and says what it is for.
func TestPages(t *testing.T) {
	readmes, err := filepath.Glob("../../*/README.md")
	if err != nil || len(readmes) < 7 {
		t.Fatalf("found %d pages: %v", len(readmes), err)
	}
	for _, path := range readmes {
		readme, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		program := filepath.Base(filepath.Dir(path))
		source := Page(program, "8.0.0-1", string(readme), time.Unix(0, 0))
		file := filepath.Join(t.TempDir(), program+"."+Section(program))
		if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
		man := exec.Command("man", "--warnings=w", "--local-file", file)
		man.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=100", "MANROFFSEQ=t")
		var complaints strings.Builder
		man.Stderr = &complaints
		page, err := man.Output()
		if err != nil {
			t.Fatalf("cannot render (apt-get install man-db): %v: %s", err, complaints.String())
		}
		if complaints.Len() > 0 {
			t.Errorf("%s: %s", program, complaints.String())
		}
		for _, want := range []string{"NAME\n", program, "SYNOPSIS", "EXIT STATUS"} {
			if !strings.Contains(string(page), want) {
				t.Errorf("%s: %q is not on the page", program, want)
			}
		}
		for _, bad := range []string{"`", "**", "](", "T{"} {
			if strings.Contains(string(page), bad) {
				t.Errorf("%s: %q is left on the page", program, bad)
			}
		}
	}
}

func TestInline(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{"`--json` is", `\fB\%\-\-json\fR is`},
		{"[x](../jetpack-log/README.md)", `\fBjetpack-log\fR(1)`},
		{"[in depth](../docs/healthcheck.md)", "in depth (docs/healthcheck.md)"},
		{`a \n b`, `a \en b`},
		{"**strong** words", `\fBstrong\fR words`},
	} {
		if got := inline(c.in); got != c.want {
			t.Errorf("inline(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	if got := line(".hidden"); got != `\&.hidden` {
		t.Errorf("a line that starts with a dot: %q", got)
	}
}
