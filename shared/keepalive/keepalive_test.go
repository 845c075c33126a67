package keepalive

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jetpack.internal/shared/boot"
)

var (
	noon    = boot.Moment{Wall: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Boot: "boot-1", Up: 100 * time.Second}
	machine = boot.Machine{Hardware: "hardware-1", System: "system-1"}
)

// later is the moment d after noon with the wall clock stepped by a further step.
func later(d, step time.Duration) boot.Moment {
	return boot.Moment{Wall: noon.Wall.Add(d + step), Boot: noon.Boot, Up: noon.Up + d}
}

func set(t *testing.T, path string, wish Wish) State {
	t.Helper()
	state, kept, err := Set(context.Background(), path, wish, noon, machine)
	if err != nil || kept {
		t.Fatalf("set %+v: %+v, kept %v, %v", wish, state, kept, err)
	}
	return state
}

func newPath(t *testing.T) string { return filepath.Join(t.TempDir(), File) }

func TestNone(t *testing.T) {
	if got := Read(newPath(t), noon, machine); got != (State{}) {
		t.Errorf("%+v", got)
	}
}

func TestHoldsUntil(t *testing.T) {
	path := newPath(t)
	set(t, path, Wish{For: time.Hour, Reason: "a long job"})
	got := Read(path, later(59*time.Minute, 0), machine)
	if !got.Active || got.Left != time.Minute || !got.Until.Equal(noon.Wall.Add(time.Hour)) || got.Reason != "a long job" {
		t.Errorf("after 59 minutes: %+v", got)
	}
	if got := Read(path, later(time.Hour, 0), machine); got.Active {
		t.Errorf("after an hour: %+v", got)
	}
}

func TestClockStepsMeanNothing(t *testing.T) {
	path := newPath(t)
	set(t, path, Wish{For: time.Hour})
	for _, step := range []time.Duration{-10 * 365 * day, 10 * 365 * day} {
		got := Read(path, later(time.Minute, step), machine)
		if !got.Active || got.Left != 59*time.Minute || !got.Until.Equal(noon.Wall.Add(step+time.Hour)) {
			t.Errorf("clock stepped by %s: %+v", step, got)
		}
		if Read(path, later(time.Hour, step), machine).Active {
			t.Errorf("clock stepped by %s: holds after its end", step)
		}
	}
}

func TestReboot(t *testing.T) {
	path := newPath(t)
	set(t, path, Wish{For: time.Hour})
	rebooted := boot.Moment{Wall: noon.Wall.Add(10 * time.Minute), Boot: "boot-2", Up: time.Minute}
	if got := Read(path, rebooted, machine); !got.Active || got.Left != 50*time.Minute {
		t.Errorf("after a reboot: %+v", got)
	}
	wrong := rebooted
	wrong.Wall = time.Unix(0, 0)
	if got := Read(path, wrong, machine); !got.Active || got.Left != time.Hour {
		t.Errorf("with the clock at its beginning: %+v", got)
	}
	if err := Carry(context.Background(), path, wrong, machine); err != nil {
		t.Fatal(err)
	}
	if err := Carry(context.Background(), path, rebooted, machine); err != nil {
		t.Fatal(err)
	}
	stepped := boot.Moment{Wall: noon.Wall.Add(10 * 365 * day), Boot: "boot-2", Up: 2 * time.Minute}
	if got := Read(path, stepped, machine); !got.Active || got.Left != 49*time.Minute {
		t.Errorf("carried over, then stepped: %+v", got)
	}
}

// Carry runs every minute: where there is nothing to carry, it touches nothing.
func TestNothingToCarry(t *testing.T) {
	rebooted := boot.Moment{Wall: noon.Wall.Add(2 * time.Hour), Boot: "boot-2", Up: time.Minute}
	for name, wish := range map[string]*Wish{"none": nil, "forever": {Forever: true}, "past": {For: time.Hour}} {
		path := newPath(t)
		if wish != nil {
			set(t, path, *wish)
		}
		before, _ := os.ReadFile(path)
		os.Remove(path + ".lock")
		if err := Carry(t.Context(), path, rebooted, machine); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := os.ReadFile(path); string(after) != string(before) {
			t.Errorf("%s: %q became %q", name, before, after)
		}
		if _, err := os.Stat(path + ".lock"); err == nil && name != "past" {
			t.Errorf("%s: it was locked", name)
		}
	}
}

func TestForever(t *testing.T) {
	path := newPath(t)
	set(t, path, Wish{Forever: true})
	for _, now := range []boot.Moment{noon, later(20*365*day, 0), {Wall: noon.Wall, Boot: "boot-9"}} {
		if got := Read(path, now, machine); !got.Active || !got.Forever || !got.Until.IsZero() {
			t.Errorf("%+v", got)
		}
	}
}

func TestLongerOneStays(t *testing.T) {
	ctx, path := context.Background(), newPath(t)
	set(t, path, Wish{For: 6 * time.Hour, Reason: "long"})
	got, kept, err := Set(ctx, path, Wish{For: time.Hour}, noon, machine)
	if err != nil || !kept || got.Left != 6*time.Hour || got.Reason != "long" {
		t.Errorf("shorter: %+v, kept %v, %v", got, kept, err)
	}
	if got := Read(path, noon, machine); got.Left != 6*time.Hour {
		t.Errorf("then read: %+v", got)
	}
	if got := set(t, path, Wish{For: time.Hour, Replace: true}); got.Left != time.Hour {
		t.Errorf("replaced: %+v", got)
	}
	set(t, path, Wish{Forever: true})
	if _, kept, _ := Set(ctx, path, Wish{For: time.Hour}, noon, machine); !kept {
		t.Error("forever was shortened")
	}
}

func TestOff(t *testing.T) {
	ctx, path := context.Background(), newPath(t)
	set(t, path, Wish{Forever: true})
	if was, err := Off(ctx, path); !was || err != nil {
		t.Errorf("%v, %v", was, err)
	}
	if was, err := Off(ctx, path); was || err != nil {
		t.Errorf("twice: %v, %v", was, err)
	}
	if Read(path, noon, machine).Active {
		t.Error("still holds")
	}
}

func TestDamagedHolds(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "torn": `{"forever": fal`, "binary": "\x00\x01\xff", "no end": `{"forever": false}`, "list": "[]",
		"wrong type": `{"until": 12}`, "huge": strings.Repeat(" ", maxFile+1),
	} {
		path := newPath(t)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got := Read(path, noon, machine)
		if !got.Active || !strings.Contains(got.Problem, path) {
			t.Errorf("%s: %+v", name, got)
		}
		if _, kept, _ := Set(context.Background(), path, Wish{For: time.Hour}, noon, machine); !kept {
			t.Errorf("%s: replaced unasked", name)
		}
		if got := set(t, path, Wish{For: time.Hour, Replace: true}); !got.Active || got.Problem != "" {
			t.Errorf("%s: replaced: %+v", name, got)
		}
	}
}

func TestFolderInItsPlaceHolds(t *testing.T) {
	path := newPath(t)
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := Read(path, noon, machine); !got.Active || got.Problem == "" {
		t.Errorf("%+v", got)
	}
}

func TestDoesNotTravelWithAnImage(t *testing.T) {
	path := newPath(t)
	set(t, path, Wish{Forever: true})
	copied := boot.Machine{Hardware: "hardware-2", System: machine.System}
	if got := Read(path, noon, copied); got.Active || !strings.Contains(got.Problem, "another machine") {
		t.Errorf("on another machine: %+v", got)
	}
	if got := Read(path, noon, boot.Machine{}); !got.Active {
		t.Errorf("where the machine cannot be told: %+v", got)
	}
}

// Changes from many sides end with the longest of them.
func TestConcurrentSets(t *testing.T) {
	path := newPath(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			wish := Wish{For: time.Duration(i+1) * time.Hour}
			if _, _, err := Set(context.Background(), path, wish, noon, machine); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := Read(path, noon, machine); got.Left != 20*time.Hour {
		t.Errorf("%+v", got)
	}
}

// The law: no text at all makes reading fail, and what is understood means the
// same after being written again.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"forever": true, "machine": {}}`))
	f.Add([]byte(`{"until": "2026-03-01T13:00:00Z", "set": "2026-03-01T12:00:00Z", "boot_id": "boot-1", "boot_until_s": 3700, "machine": {"hardware": "x"}}`))
	f.Add([]byte(`{"until": "2026-03-01T13:00:00Z", "boot_id": "boot-1", "boot_until_s": 1e300}`))
	f.Add([]byte(``))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := decode(text)
		if err != nil {
			return
		}
		again, err := r.encode()
		if err != nil {
			return // a year that RFC 3339 cannot write
		}
		back, err := decode(again)
		if err != nil || back.state(noon) != r.state(noon) {
			t.Fatalf("%s: %v, %+v, then %+v", bytes.TrimSpace(text), err, r.state(noon), back.state(noon))
		}
	})
}
