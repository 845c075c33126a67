package run

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestMustInterpret(t *testing.T) {
	for path, want := range map[string][]string{
		`C:\checks\a b.bat`:   {"cmd.exe", "/d", "/c"},
		`C:\checks\UPPER.CMD`: {"cmd.exe", "/d", "/c"},
		`C:\checks\a.ps1`:     {"powershell.exe", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File"},
		`C:\checks\a.exe`:     nil,
		`C:\checks\a`:         nil,
	} {
		got := slices.Clone(mustInterpret(path))
		if len(got) > 0 {
			if !filepath.IsAbs(got[0]) {
				t.Errorf("%s: %q is found by PATH", path, got[0])
			}
			got[0] = strings.ToLower(filepath.Base(got[0]))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
