package mirror

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"jetpack.internal/shared/locker"
)

type silent struct{}

func (silent) Bytes(int64)      {}
func (silent) File(*Tree, File) {}

// mirrorOf is a tree of all files below a folder locker.
func mirrorOf(t *testing.T, from, to string) *Tree {
	t.Helper()
	l, err := locker.Open(locker.Settings{URL: "file://" + filepath.ToSlash(from)})
	if err != nil {
		t.Fatal(err)
	}
	tree := &Tree{Locker: l, Source: "test", Folder: filepath.Join(to, "tree"), Staging: filepath.Join(to, "staging")}
	err = l.List(t.Context(), "", func(b locker.Blob) error { return tree.Add(File{Path: b.Name, Mode: 0o644, Blob: b}) })
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func stage(t *testing.T, tree *Tree) Plan {
	t.Helper()
	plan := Compare(tree)
	if err := Fetch(t.Context(), []Plan{plan}, silent{}); err != nil {
		t.Fatal(err)
	}
	if err := Build(plan); err != nil {
		t.Fatal(err)
	}
	return plan
}

func wantFile(t *testing.T, path, text string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != text {
		t.Errorf("%s is %q, %v; want %q", path, got, err, text)
	}
}

// TestReplaceInTwoSteps: a crash between the steps, on disks that cannot
// exchange folders, leaves the old tree or the new one after Recover.
func TestReplaceInTwoSteps(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	put(t, from, "f", "old")
	tree := mirrorOf(t, from, to)
	stage(t, tree)
	if err := Swap(tree); err != nil {
		t.Fatal(err)
	}
	for _, complete := range []bool{false, true} {
		put(t, from, "f", "newer")
		tree = mirrorOf(t, from, to)
		stage(t, tree)
		if err := os.Rename(tree.Folder, tree.behind()); err != nil {
			t.Fatal(err)
		}
		want := "newer"
		if !complete {
			want = "old"
			os.Remove(filepath.Join(tree.staged(), recordName))
		}
		if err := Recover(tree); err != nil {
			t.Fatal(err)
		}
		wantFile(t, tree.Path("f"), want)
	}
	put(t, from, "f", "newest")
	tree = mirrorOf(t, from, to)
	stage(t, tree)
	if err := replace(tree); err != nil {
		t.Fatal(err)
	}
	wantFile(t, tree.Path("f"), "newest")
}

// TestCarry: what scripts made stays, unless the project now has something in
// its place.
func TestCarry(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	put(t, from, "files/a", "a")
	put(t, from, "gone/b", "b")
	tree := mirrorOf(t, from, to)
	stage(t, tree)
	if err := Swap(tree); err != nil {
		t.Fatal(err)
	}
	put(t, tree.Folder, "files/made", "made")
	put(t, tree.Folder, "own/deep/made", "deep")
	put(t, tree.Folder, "taken", "made")
	if err := os.Symlink("files/made", tree.Path("link")); err != nil {
		t.Fatal(err)
	}
	os.RemoveAll(filepath.Join(from, "gone"))
	put(t, from, "taken/by", "project")
	tree = mirrorOf(t, from, to)
	plan := stage(t, tree)
	if err := Swap(tree); err != nil {
		t.Fatal(err)
	}
	if len(plan.Fetch) != 1 || len(plan.Keep) != 1 || len(plan.Remove) != 1 {
		t.Errorf("fetched %d, kept %d, removed %d", len(plan.Fetch), len(plan.Keep), len(plan.Remove))
	}
	wantFile(t, tree.Path("files/a"), "a")
	wantFile(t, tree.Path("files/made"), "made")
	wantFile(t, tree.Path("own/deep/made"), "deep")
	wantFile(t, tree.Path("taken/by"), "project")
	wantFile(t, tree.Path("link"), "made")
	if present(tree.Path("gone")) || present(tree.Staging) {
		t.Error("something is left that should be gone")
	}
}

// TestEditedHere: a file that was changed or removed on this machine comes
// back.
func TestEditedHere(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	put(t, from, "a", "a")
	put(t, from, "b", "b")
	tree := mirrorOf(t, from, to)
	stage(t, tree)
	if err := Swap(tree); err != nil {
		t.Fatal(err)
	}
	if plan := Compare(tree); !plan.Empty() {
		t.Errorf("something is to be done: %+v", plan)
	}
	put(t, tree.Folder, "a", "edited")
	os.Remove(tree.Path("b"))
	if plan := Compare(tree); len(plan.Fetch) != 2 {
		t.Errorf("%d files are to be fetched", len(plan.Fetch))
	}
}

// TestCancel: no download goes on after the end of its context.
func TestCancel(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	put(t, from, "a", "a")
	tree := mirrorOf(t, from, to)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Fetch(ctx, []Plan{Compare(tree)}, silent{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
