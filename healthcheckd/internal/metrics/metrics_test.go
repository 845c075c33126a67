package metrics

import (
	"os"
	"testing"
	"time"

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
