package metrics

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/keepalive"
)

func TestText(t *testing.T) {
	at := time.Unix(1_800_000_000, 500e6)
	s := status.State{
		Verdict: check.Bad,
		Checks: []status.Check{
			{Result: check.Result{Name: "a.sh", Verdict: check.Good, Seconds: 0.0125}, LastRun: at, Runs: 7},
			{Result: check.Result{Name: "b \"\\\n\xff.sh", Verdict: check.Bad}, LastRun: at, Runs: 7, Timeouts: 1, Remaining: 12, Strikes: 2},
		},
		Round:  status.Round{Number: 7, Started: at.Add(-time.Second), Ended: at},
		Server: status.Server{Queued: 3},
	}
	got := Text(&s, keepalive.State{Active: true, Until: at.Add(time.Hour)})
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile("testdata/metrics.prom", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/metrics.prom")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The law: whatever checks are called, each line has the form that Prometheus
// reads, below the type of its family, and no sample is there twice.
func FuzzText(f *testing.F) {
	const text = `"(?:[^"\\\n]|\\["\\n])*"`
	sample := regexp.MustCompile(`^([a-z_]+)(?:\{[a-z]+=` + text + `(?:,[a-z]+=` + text + `)*\})? [0-9.]+$`)
	f.Add("a.sh", "b.sh")
	f.Add("a\xff", "a\xfe")
	f.Add("x\n# TYPE y gauge\ny", `x\n{}",=`)
	f.Add("\uFFFD", "\xff")
	f.Fuzz(func(t *testing.T, one, other string) {
		s := status.State{Checks: []status.Check{{Result: check.Result{Name: one}}, {Result: check.Result{Name: other}}}}
		if strings.Contains(one+other, `\x`) {
			return // a name may pretend to be one that is not UTF-8
		}
		seen, family := map[string]bool{}, ""
		for line := range strings.Lines(string(Text(&s, keepalive.State{}))) {
			line = strings.TrimSuffix(line, "\n")
			if rest, found := strings.CutPrefix(line, "# TYPE "); found {
				family, _, _ = strings.Cut(rest, " ")
				continue
			}
			if strings.HasPrefix(line, "# HELP ") {
				continue
			}
			match, name := sample.FindStringSubmatch(line), line[:strings.LastIndexByte(line, ' ')]
			if match == nil || match[1] != family || !utf8.ValidString(line) || seen[name] && one != other {
				t.Fatalf("%q and %q: %q below %s", one, other, line, family)
			}
			seen[name] = true
		}
	})
}
