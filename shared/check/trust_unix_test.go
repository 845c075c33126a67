//go:build !windows

package check

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder makes a check in folders and gives its path.
func folder(t *testing.T) (dir, path string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "a", "b")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "x.sh")
	if err := os.WriteFile(path, []byte("exit 0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	real, err := filepath.EvalSymlinks(path) // a temporary folder may be behind a link
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(real), real
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func wantUntrusted(t *testing.T, path, culprit, why string) {
	t.Helper()
	_, err := Trusted(path)
	var untrusted *UntrustedError
	if !errors.As(err, &untrusted) || untrusted.Path != culprit || !strings.Contains(untrusted.Why, why) {
		t.Errorf("%s: %v, want %s: %s", path, err, culprit, why)
	}
}

func TestTrusted(t *testing.T) {
	_, path := folder(t)
	if real, err := Trusted(path); err != nil || real != path {
		t.Errorf("%q, %v", real, err)
	}
}

func TestWritableByOthers(t *testing.T) {
	dir, path := folder(t)
	chmod(t, path, 0o757)
	wantUntrusted(t, path, path, "everyone")
	chmod(t, path, 0o755)
	chmod(t, dir, 0o777)
	wantUntrusted(t, path, dir, "everyone")
	chmod(t, dir, 0o777|fs.ModeSticky)
	if _, err := Trusted(path); err != nil {
		t.Errorf("in a sticky folder: %v", err)
	}
	chmod(t, dir, 0o755)
	chmod(t, filepath.Dir(dir), 0o777)
	wantUntrusted(t, path, filepath.Dir(dir), "everyone")
}

// chown gives a thing to somebody else, as only root can: a normal user looks
// at what somebody else owns anyway.
func TestOwnedByAnother(t *testing.T) {
	if os.Geteuid() != 0 {
		w := walk{self: os.Geteuid() + 1}
		_, path := folder(t)
		if _, err := w.look(path); err == nil {
			t.Error("the file of another user is trusted")
		}
		return
	}
	dir, path := folder(t)
	for _, at := range []string{path, dir} {
		if err := os.Lchown(at, 1234, 0); err != nil {
			t.Fatal(err)
		}
		wantUntrusted(t, path, at, "owned by user 1234")
		if err := os.Lchown(at, 0, 0); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(dir, "link.sh")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Lchown(link, 1234, 0); err != nil {
		t.Fatal(err)
	}
	wantUntrusted(t, link, link, "owned by user 1234")
	if err := os.Chown(path, 0, 1234); err != nil {
		t.Fatal(err)
	}
	chmod(t, path, 0o775)
	wantUntrusted(t, path, path, "group 1234")
}

func TestLinks(t *testing.T) {
	dir, path := folder(t)
	elsewhere, target := folder(t)
	for name, to := range map[string]string{
		"absolute": target, "relative": "x.sh", "up": "../b/./x.sh", "chain": "relative",
	} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"absolute": target, "relative": path, "up": path, "chain": path} {
		if real, err := Trusted(filepath.Join(dir, name)); err != nil || real != want {
			t.Errorf("%s: %q, %v", name, real, err)
		}
	}
	chmod(t, elsewhere, 0o777)
	wantUntrusted(t, filepath.Join(dir, "absolute"), elsewhere, "everyone")
	if err := os.Symlink("round", filepath.Join(dir, "round")); err != nil {
		t.Fatal(err)
	}
	if _, err := Trusted(filepath.Join(dir, "round")); err == nil || !strings.Contains(err.Error(), "too many links") {
		t.Errorf("a link to itself: %v", err)
	}
}

func TestNoFile(t *testing.T) {
	dir, path := folder(t)
	for _, at := range []string{dir, "/", "relative", path + "/x", filepath.Join(dir, "missing")} {
		if real, err := Trusted(at); err == nil {
			t.Errorf("%s is trusted as %s", at, real)
		}
	}
}

// The law: harmless text holds nothing that steers a terminal, and harmless
// text stays as it is.
func FuzzHarmless(f *testing.F) {
	f.Add("plain\ttext\n")
	f.Add("\x1b[31m\xff\x00\u009b")
	f.Fuzz(func(t *testing.T, text string) {
		shown := harmless(text)
		if strings.ContainsFunc(shown, steers) || harmless(shown) != shown {
			t.Fatalf("%q is shown as %q, then %q", text, shown, harmless(shown))
		}
	})
}
