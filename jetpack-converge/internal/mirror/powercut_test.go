package mirror

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"jetpack.internal/shared/locker"
)

// digesting is a locker that knows its blobs' digests and counts downloads.
type digesting struct {
	locker.Locker
	opened atomic.Int32
}

func (d *digesting) List(ctx context.Context, folder string, visit func(locker.Blob) error) error {
	return d.Locker.List(ctx, folder, func(b locker.Blob) error {
		in, err := d.Locker.Open(ctx, b, 0)
		if err != nil {
			return err
		}
		defer in.Close()
		h := md5.New()
		if _, err := io.Copy(h, in); err != nil {
			return err
		}
		b.MD5 = h.Sum(nil)
		return visit(b)
	})
}

func (d *digesting) Open(ctx context.Context, b locker.Blob, offset int64) (io.ReadCloser, error) {
	d.opened.Add(1)
	return d.Locker.Open(ctx, b, offset)
}

// restart makes a tree's record one of an earlier boot.
func restart(t *testing.T, tree *Tree) {
	t.Helper()
	r := readRecord(tree.Folder)
	if r.Boot == "" {
		t.Fatal("the record does not tell its boot")
	}
	r.Boot = "an earlier one"
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(tree.Path(recordName), text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// hollow is what a power cut does to a file that nobody waited for: its size
// and time are right and its content is not there.
func hollow(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, make([]byte, info.Size()), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
}

// TestPowerCut: after a restart no file is believed for its size and time.
func TestPowerCut(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		put(t, from, name, "content of "+name)
	}
	again := func() (*Tree, *digesting) {
		tree := mirrorOf(t, from, to)
		l := &digesting{Locker: tree.Locker}
		fresh := &Tree{Locker: l, Source: tree.Source, Folder: tree.Folder, Staging: tree.Staging}
		if err := l.List(t.Context(), "", func(b locker.Blob) error { return fresh.Add(File{Path: b.Name, Mode: 0o644, Blob: b}) }); err != nil {
			t.Fatal(err)
		}
		return fresh, l
	}
	tree, _ := again()
	stage(t, tree)
	if err := Swap(tree); err != nil {
		t.Fatal(err)
	}
	hollow(t, tree.Path("b"))
	if plan := Compare(tree); !plan.Empty() || plan.Read {
		t.Fatalf("within the boot, size and time are not enough: %+v", plan)
	}
	restart(t, tree)

	tree, l := again()
	plan := stage(t, tree)
	if err := Swap(tree); err != nil {
		t.Fatal(err)
	}
	if !plan.Read || len(plan.Fetch) != 1 || plan.Fetch[0].Path != "b" || l.opened.Load() != 1 {
		t.Errorf("after a power cut: read %v, fetched %v with %d downloads", plan.Read, plan.Fetch, l.opened.Load())
	}
	wantFile(t, tree.Path("b"), "content of b")

	restart(t, tree)
	tree, l = again()
	plan = Compare(tree)
	if !plan.Empty() || !plan.Read {
		t.Fatalf("after a restart, what is whole is not believed: %+v", plan)
	}
	if err := Trust(plan); err != nil {
		t.Fatal(err)
	}
	if plan := Compare(tree); !plan.Empty() || plan.Read || l.opened.Load() != 0 {
		t.Errorf("what was read once is read again: %+v", plan)
	}
}

// TestPowerCutWithoutDigest: what nothing can vouch for is fetched again.
func TestPowerCutWithoutDigest(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	put(t, from, "a", "a")
	tree := mirrorOf(t, from, to)
	stage(t, tree)
	if err := Swap(tree); err != nil {
		t.Fatal(err)
	}
	restart(t, tree)
	if plan := Compare(tree); len(plan.Fetch) != 1 {
		t.Errorf("%d files are to be fetched", len(plan.Fetch))
	}
}

// TestPowerCutWhileStaging: a download that was complete before the power cut
// is believed for its digest only.
func TestPowerCutWhileStaging(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	put(t, from, "a", "content of a")
	tree := mirrorOf(t, from, to)
	l := &digesting{Locker: tree.Locker}
	tree = &Tree{Locker: l, Source: tree.Source, Folder: tree.Folder, Staging: tree.Staging}
	if err := l.List(t.Context(), "", func(b locker.Blob) error { return tree.Add(File{Path: b.Name, Mode: 0o644, Blob: b}) }); err != nil {
		t.Fatal(err)
	}
	plan := Compare(tree)
	for _, damaged := range []bool{false, true} {
		if err := Fetch(t.Context(), []Plan{plan}, silent{}); err != nil {
			t.Fatal(err)
		}
		whole := job{tree, plan.Fetch[0]}.whole()
		if got, err := os.ReadFile(whole); err != nil || !bytes.Equal(got, []byte("content of a")) {
			t.Fatalf("damaged %v: %s holds %q, %v", damaged, filepath.Base(whole), got, err)
		}
		hollow(t, whole)
	}
	if l.opened.Load() != 2 {
		t.Errorf("%d downloads, want 2", l.opened.Load())
	}
}

// TestDoubt: without a locker, what a power cut has evidently emptied is seen,
// and what is edited or was always like that is not taken for it.
func TestDoubt(t *testing.T) {
	from, to := t.TempDir(), t.TempDir()
	for _, name := range []string{"scripts/1.sh", "scripts/2.sh", "scripts/3.sh", "files/image", "files/list"} {
		put(t, from, name, "content of "+name)
	}
	put(t, from, "files/empty", "")
	put(t, from, "files/zeros", "\x00\x00\x00")
	tree := mirrorOf(t, from, to)
	stage(t, tree)
	if err := Swap(tree); err != nil {
		t.Fatal(err)
	}
	hollow(t, tree.Path("scripts/1.sh"))
	if doubtful, damaged := Doubt(tree.Folder); doubtful || damaged != nil {
		t.Errorf("within the boot: %v, %q", doubtful, damaged)
	}
	restart(t, tree)
	put(t, tree.Folder, "files/list", "")
	put(t, tree.Folder, "scripts/3.sh", "edited")
	if doubtful, damaged := Doubt(tree.Folder); !doubtful || !slices.Equal(damaged, []string{"files/list", "scripts/1.sh"}) {
		t.Errorf("after a restart: %v, %q", doubtful, damaged)
	}
	if doubtful, _ := Doubt(t.TempDir()); doubtful {
		t.Error("a folder that nothing was laid out in is doubtful")
	}
}
