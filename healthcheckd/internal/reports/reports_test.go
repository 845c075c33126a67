package reports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"jetpack.internal/healthcheckd/internal/decision"
	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/keepalive"
)

// tape is a server that writes down what it gets, or is away, and keeps then
// what an outbox would keep.
type tape struct {
	away   bool
	local  bool // it is but a file
	got    []string
	queued []string
}

func (s *tape) Report(_ context.Context, kind string, data any) (delivery.Outcome, error) {
	text, err := json.Marshal(data)
	if err != nil {
		return 0, err
	}
	if strings.Contains(string(text), `"evidence":true`) {
		kind = "evidence"
	}
	if s.away {
		s.queued = append(s.queued, kind)
		return delivery.Queued, nil
	}
	s.got = append(s.got, kind)
	if s.local {
		return delivery.Written, nil
	}
	return delivery.Confirmed, nil
}

func (s *tape) Local() bool { return s.local }

func (s *tape) Important(ctx context.Context, kind string, data any) (delivery.Outcome, error) {
	return s.Report(ctx, kind, data)
}

func (s *tape) Request(_ context.Context, kind string, _ any, expiry time.Duration) error {
	if s.away || expiry <= 0 {
		return errors.New("away")
	}
	s.got = append(s.got, kind)
	return nil
}

func (s *tape) Flush(context.Context) (int, error) {
	if s.away {
		return 0, errors.New("away")
	}
	n := len(s.queued)
	s.got, s.queued = append(s.got, s.queued...), nil
	return n, nil
}

// stage plays rounds of one check.
type stage struct {
	t     *testing.T
	tape  tape
	state status.State
	held  keepalive.State
	now   time.Time
}

// round plays a round and gives what the server got in it.
func (s *stage) round(verdict check.Verdict, code int) (got string, ending bool) {
	s.t.Helper()
	s.now = s.now.Add(10 * time.Minute)
	moment := boot.Moment{Wall: s.now, Boot: "b", Up: time.Hour}
	s.state.Take([]status.Outcome{{Result: check.Result{Name: "x", Verdict: verdict, Status: &code}}}, moment, moment)
	held := s.held
	settings := settings.Default()
	r := Reporter{
		Server: &s.tape, State: &s.state, Now: func() time.Time { return s.now },
		Held: func() keepalive.State { return s.held }, Log: func(string, string) {},
	}
	s.tape.got = nil
	ending = r.Round(context.Background(), decision.Decide(s.state.Checks, &settings, held), held)
	return strings.Join(s.tape.got, " "), ending
}

func (s *stage) want(verdict check.Verdict, code int, want string, ending bool) {
	s.t.Helper()
	if got, end := s.round(verdict, code); got != want || end != ending {
		s.t.Errorf("%s %d: the server got %q, ending %v; want %q, %v", verdict, code, got, end, want, ending)
	}
}

func newStage(t *testing.T) *stage { return &stage{t: t, now: time.Unix(1_800_000_000, 0)} }

func TestOnlyNewsAndAnHourlySummary(t *testing.T) {
	s := newStage(t)
	s.want(check.Good, 0, "health", false)
	for range 5 {
		s.want(check.Good, 0, "", false)
	}
	s.want(check.Good, 0, "health", false) // an hour later
	s.want(check.Unknown, 3, "log health", false)
	s.want(check.Unknown, 3, "", false)
	s.want(check.Unknown, 4, "log health", false)
	s.want(check.Good, 0, "log health", false)
}

func TestEvidenceOnceRequestEachRound(t *testing.T) {
	s := newStage(t)
	s.want(check.Bad, 254, "evidence log shutdown", true)
	s.want(check.Bad, 254, "shutdown", true)
	s.want(check.Good, 0, "log health", false)
	s.want(check.Bad, 254, "evidence log shutdown", true)
}

// A server that the node is given later knows nothing of what a file was told.
func TestServerAfterAFile(t *testing.T) {
	s := newStage(t)
	s.tape.local = true
	s.want(check.Good, 0, "health", false)
	if !s.state.Server.Local {
		t.Errorf("without a server: %+v", s.state.Server)
	}
	s.tape.local, s.tape.away = false, true
	s.want(check.Good, 0, "", false)
	if got := s.state.Server; got.Local || got.Contact != nil || !strings.Contains(got.Error, "away") {
		t.Errorf("with a server that is away: %+v", got)
	}
	s.tape.away = false

	s = newStage(t)
	s.tape.local = true
	s.want(check.Unknown, 3, "log health", false)
	s.tape.local = false
	s.want(check.Unknown, 3, "log health", false)
	s.want(check.Unknown, 3, "", false)

	s = newStage(t)
	s.tape.local = true
	s.want(check.Bad, 254, "evidence log shutdown", true)
	s.tape.local = false
	s.want(check.Bad, 254, "evidence log shutdown", true)
	s.want(check.Bad, 254, "shutdown", true)
}

func TestServerAway(t *testing.T) {
	s := newStage(t)
	s.want(check.Good, 0, "health", false)
	s.tape.away = true
	s.want(check.Bad, 254, "", false)
	s.want(check.Bad, 254, "", false)
	s.tape.away = false
	s.want(check.Bad, 254, "evidence log shutdown", true)
	s.tape.away = true
	s.want(check.Bad, 254, "", false) // no action either: the request did not arrive
}

func TestRecoveredWhileTheServerWasAway(t *testing.T) {
	s := newStage(t)
	s.want(check.Good, 0, "health", false)
	s.tape.away = true
	s.want(check.Bad, 254, "", false)
	s.want(check.Good, 0, "", false)
	s.tape.away = false
	s.want(check.Good, 0, "", false)
	if _, err := s.tape.Flush(context.Background()); err != nil || fmt.Sprint(s.tape.got) != "[evidence log log health]" {
		t.Errorf("left the outbox: %v", s.tape.got)
	}
}

func TestKeepaliveAtTheLastMoment(t *testing.T) {
	s := newStage(t)
	s.held = keepalive.State{Active: true, Forever: true}
	s.want(check.Bad, 254, "log health", false)
	s.want(check.Bad, 254, "", false)
	s.held = keepalive.State{}
	s.want(check.Bad, 254, "evidence log shutdown", true)
	s.held = keepalive.State{Active: true, Forever: true}
	s.want(check.Bad, 254, "health", false) // the decision is news
}

func TestMessageIsBounded(t *testing.T) {
	s := newStage(t)
	for i := range 1000 {
		s.state.Checks = append(s.state.Checks, status.Check{Result: check.Result{
			Name: fmt.Sprint(i), Verdict: check.Unknown, Output: strings.Repeat("ä", 4096),
		}})
	}
	h := health(&s.state, decision.Decision{}, s.held, map[string]bool{})
	text, err := json.Marshal(h)
	if err != nil || len(text) > 200<<10 || h.Omitted != 1000-maxChecks || h.Counts[check.Unknown] != 1000 {
		t.Errorf("%d bytes, %d left out, %v", len(text), h.Omitted, err)
	}
}
