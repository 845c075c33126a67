package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/tree"
)

// edition is a configuration of a hundred kilobytes whose first and last
// member, and each in between, tell its number.
func edition(n int) []byte {
	object := map[string]any{"a": n, "z": n}
	for i := range 100 {
		object[fmt.Sprintf("member_%d", i)] = text(n)
	}
	return tree.JSON(map[string]any{"t": object})
}

func text(n any) string { return strings.Repeat(fmt.Sprintf("edition %v ", n), 80) }

// TestRewritesNeverTear: a thousand readers, and processes of the program
// among them, only ever see one whole edition while it is replaced.
func TestRewritesNeverTear(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "config", "configuration.json")
	if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	rewrite := func(n int) {
		if err := atomicfile.Write(path, edition(n), 0o640); err != nil {
			t.Error(err)
		}
	}
	rewrite(0)
	ctx, stop := context.WithCancel(t.Context())
	var writer, readers sync.WaitGroup
	writer.Go(func() {
		for n := 1; ctx.Err() == nil; n++ {
			rewrite(n)
		}
	})
	editions := new(sync.Map)
	for range 1000 {
		readers.Go(func() { readWithin(t, path, editions) })
	}
	for range 4 {
		readers.Go(func() {
			for range 25 {
				runProgram(t, home, editions)
			}
		})
	}
	readers.Wait()
	stop()
	writer.Wait()
	seen := 0
	editions.Range(func(any, any) bool { seen++; return true })
	t.Logf("1,000 readers and 100 processes saw %d editions", seen)
	if seen < 2 {
		t.Error("nothing was rewritten while it was read")
	}
}

func readWithin(t *testing.T, path string, editions *sync.Map) {
	d, err := tree.Read(path)
	if err != nil {
		t.Error(err)
		return
	}
	first, _ := d.Find("t.a")
	e, outcome, err := tree.Lookup(path, "t")
	if err != nil || outcome != tree.Found {
		t.Errorf("%v, %v", outcome, err)
		return
	}
	checkEdition(t, d.Value(), editions)
	checkEdition(t, map[string]any{"t": e.Value()}, editions)
	if last, _ := d.Find("t.z"); first != last {
		t.Errorf("edition %v ends as %v", first, last)
	}
}

func runProgram(t *testing.T, home string, editions *sync.Map) {
	cmd := exec.CommandContext(t.Context(), "jetpack-config", "--json", "t")
	cmd.Env = append(os.Environ(), "JETPACK_HOME="+home, "JETPACK_IMDS_ENDPOINT=none", "GORACE="+noSleep)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, out)
		return
	}
	d, err := tree.Parse("output", out)
	if err != nil {
		t.Error(err)
		return
	}
	checkEdition(t, map[string]any{"t": d.Value()}, editions)
}

func checkEdition(t *testing.T, whole any, editions *sync.Map) {
	number, _ := tree.Find(whole, "t.a")
	object, _ := tree.Find(whole, "t")
	members, ok := object.(map[string]any)
	if !ok || len(members) != 102 || members["z"] != number {
		t.Errorf("torn: %d members, from %v to %v", len(members), number, members["z"])
	}
	want := text(number)
	for name, value := range members {
		if strings.HasPrefix(name, "member_") && value != want {
			t.Errorf("torn: %s is %v, want %s", name, value, want)
		}
	}
	editions.Store(number, true)
}
