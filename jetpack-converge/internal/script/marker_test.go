package script

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzParseMarker: decode∘encode is the identity on whatever was decoded.
func FuzzParseMarker(f *testing.F) {
	f.Add("")
	f.Add("sha256 " + strings.Repeat("0a", 32) + "\nended 2026-11-22T20:00:00Z\n")
	f.Add("sha256 x\nended yesterday\n\xff")
	f.Fuzz(func(t *testing.T, text string) {
		m := ParseMarker(text)
		if again := ParseMarker(m.String()); again != m && !m.At.IsZero() {
			t.Errorf("%q: %+v became %+v", text, m, again)
		}
	})
}

func TestMarkers(t *testing.T) {
	dir := t.TempDir()
	m := Markers(filepath.Join(dir, "markers"))
	s := Script{Project: "p", Spec: "s", Name: "1.sh"}
	done := func(digest string, want bool) {
		t.Helper()
		if got, err := m.Done(s, digest); err != nil || got != want {
			t.Errorf("done with %q: %v, %v", digest, got, err)
		}
	}
	one, two := strings.Repeat("1", 64), strings.Repeat("2", 64)
	done(one, false)
	if err := m.Set(s, Marker{one, time.Now()}); err != nil {
		t.Fatal(err)
	}
	done(one, true)
	done(two, false)
	for range 2 {
		if err := m.Forget(s); err != nil {
			t.Fatal(err)
		}
	}
	done(one, false)
	if err := os.WriteFile(m.path(s), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	done(two, true) // made by hand
}

// TestShow: markers of an older system are taken over, a link that points
// elsewhere is corrected.
func TestShow(t *testing.T) {
	dir := t.TempDir()
	m, link := Markers(filepath.Join(dir, "markers")), filepath.Join(dir, "init", ".run")
	old := filepath.Join(link, "p", "s", "scripts", "1.sh.run")
	if err := os.MkdirAll(filepath.Dir(old), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(old, []byte("ok"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := m.Show(link); err != nil {
			t.Fatal(err)
		}
		if at, err := os.Readlink(link); err != nil || at != string(m) {
			t.Errorf("the link shows %q, %v", at, err)
		}
		if got, err := m.Done(Script{Project: "p", Spec: "s", Name: "1.sh"}, "x"); err != nil || !got {
			t.Errorf("the old marker: %v, %v", got, err)
		}
		os.Remove(link)
		if err := os.Symlink(dir, link); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"a\nb":          "a\nb",
		"\x1b[31mred":   " [31mred",
		"a\rb\tc":       "a b c",
		"\xff\u202eabc": "\uFFFD abc",
	} {
		if got := Plain(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestMatches(t *testing.T) {
	s := Script{Project: "p", Spec: "s", Name: "10-a.sh"}
	for pattern, want := range map[string]bool{
		"": true, "10-*": true, "s/*": true, "p/s/10-a.sh": true, "p/*/*": true,
		"*": true, "11-*": false, "x/*": false, "[": false,
	} {
		if got := s.Matches(&pattern); got != want {
			t.Errorf("%q: %v", pattern, got)
		}
	}
	if s.Matches(nil) {
		t.Error("no pattern matches")
	}
}

func TestAssignments(t *testing.T) {
	got := assignments("A=1\nexport B=\"two words\"\n# C=3\nD='x'\n=y\nE F=1\nG=\n")
	want := map[string]string{"A": "1", "B": "two words", "D": "x", "G": ""}
	if len(got) != len(want) {
		t.Errorf("%q", got)
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
	}
}
