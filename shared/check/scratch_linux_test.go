package check

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jetpack.internal/shared/run"
)

// A check finds its working folder empty and its own, whatever the one before
// has done to it, and nothing is left in the end.
func TestWorkingFolderIsAsNew(t *testing.T) {
	dir := t.TempDir()
	r := Runner{Supervisor: new(run.Supervisor), Scratch: dir, Env: []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}}
	play := func(line string) Result {
		t.Helper()
		path := filepath.Join(t.TempDir(), "x.sh")
		if err := os.WriteFile(path, []byte(line+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return r.Run(context.Background(), File{Name: "x.sh", Path: path}, time.Minute)
	}
	look := func() string {
		t.Helper()
		got := play(`pwd; stat -c "%a %u" .; ls -A`)
		where, rest, _ := strings.Cut(got.Output, "\n")
		if got.Verdict != Good || rest != "700 "+strings.TrimSpace(play("id -u").Output)+"\n" {
			t.Errorf("%+v", got)
		}
		return where
	}
	if first, second := look(), look(); first != second {
		t.Errorf("an untouched folder is not used again: %q, then %q", first, second)
	}
	for _, line := range []string{
		"touch x", "mkdir -p a/b; chmod 0 a", "ln -s / x", "chmod 755 .", "chmod 0 .", "touch -d @1 .",
		"cd /; rmdir \"$OLDPWD\"", "cd /; rmdir \"$OLDPWD\"; touch \"$OLDPWD\"", "cd /; rmdir \"$OLDPWD\"; ln -s / \"$OLDPWD\"",
		"sleep 60 &",
	} {
		before := look()
		if got := play(line); got.Verdict != Good {
			t.Fatalf("%s: %+v", line, got)
		}
		if look() == before {
			t.Errorf("used again after %q", line)
		}
	}
	// Somebody tidies up beneath us, or a disk is full or read-only.
	if err := os.RemoveAll(look()); err != nil {
		t.Fatal(err)
	}
	look()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	look()
	r.Tidy()
	r.Scratch = "/proc/self/scratch"
	if at := look(); filepath.Dir(at) != filepath.Clean(os.TempDir()) {
		t.Errorf("worked in %q", at)
	}
	r.Tidy()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}
