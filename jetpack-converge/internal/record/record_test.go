package record

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzParse: format∘parse is stable.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"result": "ready"}`))
	f.Add(Record{Result: Running, Process: Self(), Phases: []Phase{{Name: "sync"}}}.JSON())
	f.Add([]byte(`{"result": "other"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(r.JSON())
		if err != nil || !bytes.Equal(again.JSON(), r.JSON()) {
			t.Errorf("%s became %s: %v", r.JSON(), again.JSON(), err)
		}
	})
}

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "converge.json")
	if r, err := Read(path); err != nil || r.Result != Never {
		t.Errorf("without a file: %+v, %v", r, err)
	}
	running := Record{Result: Running, Process: Self(), Phases: []Phase{{"sync", Running, 0}}}
	if err := running.Write(path); err != nil {
		t.Fatal(err)
	}
	if r, err := Read(path); err != nil || r.Result != Running {
		t.Errorf("of a live process: %+v, %v", r, err)
	}
	running.Process.PID = -1
	if err := running.Write(path); err != nil {
		t.Fatal(err)
	}
	if r, err := Read(path); err != nil || r.Result != Failed || !r.Interrupted || r.Error == nil || r.Phases[0].Result != Failed {
		t.Errorf("of a dead process: %+v, %v", r, err)
	}
	if err := os.WriteFile(path, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil {
		t.Error("a torn file was read")
	}
}

func TestLaunchOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "launched")
	for _, seconds := range []int64{1_000, 2_000} {
		if err := Launch(path, time.Unix(seconds, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "1000\n" {
		t.Errorf("%q, %v", text, err)
	}
}
