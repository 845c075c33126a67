package builtin

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/check"
)

var now = boot.Moment{Wall: time.Unix(1_800_000_000, 0), Boot: "boot-1", Up: 10 * time.Hour}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestScheduledShutdown(t *testing.T) {
	for name, c := range map[string]struct {
		markers []string
		want    check.Verdict
		reason  string
	}{
		"none":              {nil, check.Good, "no shutdown"},
		"future":            {[]string{"1800000001\n"}, check.Good, "scheduled for 2027-01-15T08:00:01Z"},
		"past":              {[]string{"1799999999\nthe \x1bjob is over\nmore\n"}, check.Bad, `2027-01-15T07:59:59Z: "the \x1bjob is over"`},
		"now":               {[]string{"1800000000"}, check.Bad, ""},
		"earliest":          {[]string{"1800000100\n", "1799999000\nfirst\n", "1799999500\n"}, check.Bad, "first"},
		"long ago":          {[]string{"12\n"}, check.Bad, ""},
		"torn":              {[]string{"17999"}, check.Unknown, "not a time"},
		"empty":             {[]string{""}, check.Unknown, "not a time"},
		"words":             {[]string{"tomorrow\n"}, check.Unknown, ""},
		"negative":          {[]string{"-5\n"}, check.Unknown, ""},
		"not a number":      {[]string{"nan\n"}, check.Unknown, ""},
		"huge":              {[]string{"1e300\n"}, check.Unknown, ""},
		"binary":            {[]string{strings.Repeat("\x00", 100_000)}, check.Unknown, ""},
		"malformed, future": {[]string{"x\n", "1800000001\n"}, check.Unknown, ""},
		"malformed, past":   {[]string{"x\n", "1799999999\n"}, check.Bad, ""},
	} {
		dir := t.TempDir()
		for i, text := range c.markers {
			write(t, filepath.Join(dir, fmt.Sprint(i)), text)
		}
		got := ScheduledShutdown(dir, now.Wall)
		if got.Verdict != c.want || !strings.Contains(got.Reason, c.reason) {
			t.Errorf("%s: %s, %q", name, got.Verdict, got.Reason)
		}
	}
	if got := ScheduledShutdown(filepath.Join(t.TempDir(), "missing"), now.Wall); got.Verdict != check.Good {
		t.Errorf("no folder: %+v", got)
	}
}

func TestFolderAsMarker(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, ".hidden"), "1\n")
	if got := ScheduledShutdown(dir, now.Wall); got.Verdict != check.Unknown {
		t.Errorf("%+v", got)
	}
}

// The law: a marker's time, written and read again, is the same; what is no
// marker is an error and nothing else.
func FuzzMarker(f *testing.F) {
	f.Add("1800000000\nreason\n")
	f.Add("17999")
	f.Add("1e9\n")
	f.Add("\x00\xff\n")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMarker(strings.NewReader(text))
		if err != nil {
			return
		}
		again, err := parseMarker(strings.NewReader(fmt.Sprintf("%d\n%s\n", m.at.Unix(), m.reason)))
		if m.at.Unix() > 0 && (err != nil || !again.at.Equal(m.at)) {
			t.Fatalf("%q: %v, then %v, %v", text, m, again, err)
		}
	})
}

func TestConvergeTimeout(t *testing.T) {
	const hour = 3600
	launch := now.Wall.Unix() - 5*hour
	for name, c := range map[string]struct {
		record, launched string
		want             check.Verdict
	}{
		"never begun":      {"", "", check.Good},
		"too long":         {"", fmt.Sprintln(launch), check.Bad},
		"running too long": {`{"result": "running", "ready": null}`, fmt.Sprintln(launch), check.Bad},
		"failed":           {`{"result": "failed"}`, fmt.Sprintln(launch), check.Bad},
		"ready":            {`{"result": "ready"}`, fmt.Sprintln(launch), check.Good},
		"ready before":     {`{"result": "failed", "ready": "2026-01-01T00:00:00Z"}`, fmt.Sprintln(launch), check.Good},
		"in time":          {"", fmt.Sprintln(launch + 2*hour), check.Good},
		"from the future":  {"", fmt.Sprintln(launch + 100*hour), check.Good},
		"torn record":      {`{"result": "fai`, fmt.Sprintln(launch), check.Unknown},
		"no number":        {"", "soon\n", check.Unknown},
		"empty":            {`{"result": "failed"}`, "\n", check.Unknown},
	} {
		dir := t.TempDir()
		record, launched := filepath.Join(dir, "converge.json"), filepath.Join(dir, "launched")
		if c.record != "" {
			write(t, record, c.record)
		}
		if c.launched != "" {
			write(t, launched, c.launched)
		}
		if got, _ := ConvergeTimeout(record, launched, 4*time.Hour, Launch{}, now); got.Verdict != c.want {
			t.Errorf("%s: %s, %q", name, got.Verdict, got.Reason)
		}
		if got, _ := ConvergeTimeout(record, launched, 0, Launch{}, now); got.Verdict != check.Good {
			t.Errorf("%s, turned off: %s, %q", name, got.Verdict, got.Reason)
		}
	}
}

// Hours that a step of the clock makes up are not hours.
func TestConvergeTimeoutAndClockSteps(t *testing.T) {
	dir := t.TempDir()
	record, launched := filepath.Join(dir, "converge.json"), filepath.Join(dir, "launched")
	write(t, launched, fmt.Sprintln(now.Wall.Unix()-60))
	_, known := ConvergeTimeout(record, launched, 4*time.Hour, Launch{}, now)
	at := func(after, step time.Duration) boot.Moment {
		return boot.Moment{Wall: now.Wall.Add(after + step), Boot: now.Boot, Up: now.Up + after}
	}
	for _, step := range []time.Duration{-20 * 365 * 24 * time.Hour, 0, 20 * 365 * 24 * time.Hour} {
		for after, want := range map[time.Duration]check.Verdict{time.Hour: check.Good, 4 * time.Hour: check.Bad} {
			got, _ := ConvergeTimeout(record, launched, 4*time.Hour, known, at(after, step))
			if got.Verdict != want {
				t.Errorf("%s later, clock stepped by %s: %s, %q", after, step, got.Verdict, got.Reason)
			}
		}
	}
	rebooted := boot.Moment{Wall: now.Wall.Add(5 * time.Hour), Boot: "boot-2", Up: time.Minute}
	if got, _ := ConvergeTimeout(record, launched, 4*time.Hour, known, rebooted); got.Verdict != check.Bad {
		t.Errorf("after a reboot: %s, %q", got.Verdict, got.Reason)
	}
}
