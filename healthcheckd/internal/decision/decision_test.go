package decision

import (
	"testing"
	"time"

	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/keepalive"
)

func checkOf(name string, verdict check.Verdict, strikes int) status.Check {
	return status.Check{Result: check.Result{Name: name, Verdict: verdict}, Strikes: strikes, Since: time.Unix(1_800_000_000, 0)}
}

func TestDecide(t *testing.T) {
	good, odd := checkOf("good", check.Good, 0), checkOf("odd", check.Unknown, 0)
	bad, worse := checkOf("bad", check.Bad, 1), checkOf("worse", check.Bad, 3)
	holds := keepalive.State{Active: true, Forever: true}
	for name, c := range map[string]struct {
		checks  []status.Check
		strikes int
		held    keepalive.State
		want    Kind
		guilty  int
	}{
		"no checks":           {nil, 1, keepalive.State{}, None, 0},
		"healthy":             {[]status.Check{good}, 1, keepalive.State{}, None, 0},
		"unknown":             {[]status.Check{good, odd, odd}, 1, keepalive.State{}, None, 0},
		"unhealthy":           {[]status.Check{good, odd, bad}, 1, keepalive.State{}, Terminate, 1},
		"two":                 {[]status.Check{bad, worse}, 1, keepalive.State{}, Terminate, 2},
		"strikes":             {[]status.Check{bad}, 3, keepalive.State{}, Striking, 0},
		"strikes full":        {[]status.Check{bad, worse}, 3, keepalive.State{}, Terminate, 1},
		"held":                {[]status.Check{bad, worse}, 1, holds, Withheld, 2},
		"held for nothing":    {[]status.Check{odd}, 1, holds, None, 0},
		"expired":             {[]status.Check{bad}, 1, keepalive.State{Reason: "old"}, Terminate, 1},
		"damaged keepalive":   {[]status.Check{bad}, 1, keepalive.State{Active: true, Problem: "x"}, Withheld, 1},
		"of another machine":  {[]status.Check{bad}, 1, keepalive.State{Problem: "x"}, Terminate, 1},
		"held while striking": {[]status.Check{bad}, 2, holds, Striking, 0},
	} {
		s := settings.Default()
		s.Limits.Strikes = c.strikes
		got := Decide(c.checks, &s, c.held)
		if got.Kind != c.want || len(got.Guilty) != c.guilty || len(got.Checks) != len(c.checks) || got.Reason == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestActionsAreTakenOnce(t *testing.T) {
	s := settings.Default()
	s.Limits.Action = settings.Action{Kind: settings.Poweroff}
	got := Decide([]status.Check{checkOf("a", check.Bad, 1), checkOf("b", check.Bad, 1)}, &s, keepalive.State{})
	if len(got.Actions) != 1 || got.Actions[0].Kind != settings.Poweroff {
		t.Errorf("%+v", got.Actions)
	}
}

func TestKeyIsOfTheEpisode(t *testing.T) {
	s := settings.Default()
	a, b := checkOf("a", check.Bad, 1), checkOf("a", check.Bad, 9)
	key := func(c status.Check) string { return Decide([]status.Check{c}, &s, keepalive.State{}).Key() }
	if key(a) != key(b) {
		t.Error("a further strike makes it another episode")
	}
	b.Since = b.Since.Add(time.Second)
	if key(a) == key(b) {
		t.Error("another beginning is the same episode")
	}
}
