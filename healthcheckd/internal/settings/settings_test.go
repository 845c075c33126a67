package settings

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"testing"
	"time"
)

func read(t *testing.T, text, minutes string) (Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "configuration.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(path, minutes)
}

func TestDefaults(t *testing.T) {
	s, err := Read(filepath.Join(t.TempDir(), "missing"), "")
	if err != nil || !reflect.DeepEqual(s, Default()) {
		t.Errorf("%+v, %v", s, err)
	}
	if want := map[bool]time.Duration{true: 5 * time.Minute, false: 10 * time.Minute}[runtime.GOOS == "windows"]; s.Interval != want {
		t.Errorf("interval %s, want %s", s.Interval, want)
	}
	if s.ConvergeTimeout != 14400*time.Second || s.Limits.Timeout != 5*time.Minute || s.Limits.Strikes != 1 {
		t.Errorf("%+v", s)
	}
}

func TestRead(t *testing.T) {
	s, err := read(t, `{"cyclecloud": {"keepalive": {"timeout": 60}, "healthcheck": {
		"interval": 120, "timeout": "30", "concurrency": 2, "strikes": 3, "action": "poweroff",
		"checks": {"disk.sh": {"timeout": 1.5, "strikes": 1, "action": ["/bin/echo", "x"], "interval": 600}}}}}`, "")
	if err != nil || len(s.Problems) > 0 {
		t.Fatalf("%v, problems %q", err, s.Problems)
	}
	if s.Interval != 2*time.Minute || s.Concurrency != 2 || s.ConvergeTimeout != time.Minute {
		t.Errorf("%+v", s)
	}
	if got, want := s.For("other"), (Limits{0, 30 * time.Second, 3, Action{Kind: Poweroff}}); !reflect.DeepEqual(got, want) {
		t.Errorf("other: %+v", got)
	}
	want := Limits{10 * time.Minute, 1500 * time.Millisecond, 1, Action{Command, []string{"/bin/echo", "x"}}}
	if got := s.For("disk.sh"); !reflect.DeepEqual(got, want) {
		t.Errorf("disk.sh: %+v", got)
	}
}

func TestEnvironmentWins(t *testing.T) {
	if s, _ := read(t, `{"cyclecloud": {"healthcheck": {"interval": 120}}}`, "0.5"); s.Interval != 30*time.Second {
		t.Errorf("interval %s", s.Interval)
	}
	s, _ := read(t, `{}`, "soon")
	if s.Interval != Default().Interval || len(s.Problems) != 1 {
		t.Errorf("interval %s, problems %q", s.Interval, s.Problems)
	}
}

func TestNonsenseIsLeftOut(t *testing.T) {
	for _, value := range []string{`0`, `-1`, `"x"`, `null`, `[]`, `{}`, `true`, `1e300`, `"nan"`} {
		text := `{"cyclecloud": {"healthcheck": {"interval": V, "timeout": V, "concurrency": V, "strikes": V}}}`
		s, err := read(t, string(replace(text, value)), "")
		if err != nil || s.Interval != Default().Interval || !reflect.DeepEqual(s.Limits, Default().Limits) || s.Concurrency != Default().Concurrency {
			t.Errorf("%s: %+v, %v", value, s, err)
		}
		if len(s.Problems) != 4 {
			t.Errorf("%s: problems %q", value, s.Problems)
		}
	}
}

func TestActions(t *testing.T) {
	for value, want := range map[string]string{
		`"request"`: "request", `"poweroff"`: "poweroff", `["/bin/a", "b"]`: "command /bin/a b",
		`[]`: "", `[""]`: "", `["/bin/a", 1]`: "", `""`: "", `5`: "", `{}`: "",
	} {
		s, err := read(t, string(replace(`{"cyclecloud": {"healthcheck": {"action": V}}}`, value)), "")
		refused := want == ""
		if err != nil || (len(s.Problems) == 1) != refused {
			t.Errorf("%s: problems %q, %v", value, s.Problems, err)
		}
		if refused {
			want = "request"
		}
		if got := s.Limits.Action.String(); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}

func replace(text, value string) []byte {
	var out []byte
	for _, c := range []byte(text) {
		if c == 'V' {
			out = append(out, value...)
		} else {
			out = append(out, c)
		}
	}
	return out
}

func TestConvergeTimeoutOff(t *testing.T) {
	if s, _ := read(t, `{"cyclecloud": {"keepalive": {"timeout": 0}}}`, ""); s.ConvergeTimeout != 0 || len(s.Problems) > 0 {
		t.Errorf("%+v", s)
	}
}

func TestDamaged(t *testing.T) {
	s, err := read(t, `{"cyclecloud": `, "1")
	if err == nil || s.Interval != time.Minute || s.Limits.Strikes != 1 {
		t.Errorf("%+v, %v", s, err)
	}
}
