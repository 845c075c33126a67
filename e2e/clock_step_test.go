//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jetpack.internal/e2e/overlay"
	"jetpack.internal/e2e/rabbitmq"
)

// clockStep is put into time.Now of the programs under test: TEST_CLOCK is how
// many seconds their wall clock is off, from TEST_CLOCK_AFTER milliseconds of
// their life on. The clock that only runs forward is left alone, as a step does.
const clockStep = `
	if off, set := syscall.Getenv("TEST_CLOCK"); set {
		after, _ := syscall.Getenv("TEST_CLOCK_AFTER")
		if ms, _ := atoi("0" + after); mono-startNano >= int64(ms)*1e6 {
			seconds, _ := atoi(off)
			sec += int64(seconds)
		}
	}
`

func buildWithClock(t *testing.T, names ...string) (bin string) {
	t.Helper()
	const now = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	changed := overlay.Replace(t, "time/time.go", [2]string{now, now + clockStep}, [2]string{"import (\n", "import (\n\t\"syscall\"\n"})
	return buildProgramsWith(t, t.TempDir(), "-overlay="+changed, names...)
}

const decade = 10 * 365 * 24 * time.Hour

// steppedClock: the wall clock of a node jumps by years, forward and back. That
// ends the memory of an outage and nothing else: no call waits for longer than
// its time-out, and all arrives once, in the order in which it was said.
func steppedClock(t *testing.T, b *rabbitmq.Broker, c *consumer) {
	silent := meddle(t, &meddler{to: b.Address()}) // each attempt costs the time-out
	n := &timeTraveller{station: newStation(t, b, buildWithClock(t, "jetpack-log", "jetpack-send"), connectTo(silent.url()))}
	n.dateConnection(t, decade) // as a clock that was ahead at installation leaves it
	for _, step := range []time.Duration{0, decade, -decade, 0} {
		if took := n.say(t, step); took < time.Second || took > 6*time.Second {
			t.Errorf("the first call after a step to %v took %v", step, took)
		}
		if took := min(n.say(t, step), n.say(t, step), n.say(t, step)); took > 500*time.Millisecond {
			t.Errorf("a call at %v took %v though the outage is known", step, took)
		}
	}
	for _, step := range []time.Duration{decade, -decade} {
		n.meanwhile(t, step)
	}

	n.write(t, "config/connection.json", connectTo(b.URL()))
	n.dateConnection(t, -decade) // a change, though it looks old
	n.say(t, -decade)
	if left := n.pending(t); left != 0 {
		t.Errorf("%d messages pending: the change of the connection was not noticed", left)
	}
	n.arrived(t, c.all(t, "logs"))
	n.journal(t)
	if got := strings.Join(c.all(t, "away"), " "); got != "a b a b" {
		t.Errorf("the streams arrived as %q", got)
	}
}

// timeTraveller is a node whose clock is set now and then.
type timeTraveller struct {
	*station
	said []remark
}

// remark is what was said, and what the wall clock was when it was.
type remark struct {
	text string
	at   time.Time
}

// set sets the clock of the programs, once they have run for a while.
func (n *timeTraveller) set(step, after time.Duration) {
	n.env = []string{fmt.Sprintf("TEST_CLOCK=%.0f", step.Seconds()), fmt.Sprintf("TEST_CLOCK_AFTER=%d", after.Milliseconds()), "TZ=UTC"}
}

// say logs a message of its own while the clock is off by step.
func (n *timeTraveller) say(t *testing.T, step time.Duration) time.Duration {
	t.Helper()
	n.set(step, 0)
	r := remark{fmt.Sprint("remark ", len(n.said)), time.Now().Add(step)}
	n.said = append(n.said, r)
	return n.ok(t, "", "jetpack-log", "--timeout=1s", r.text).took
}

// meanwhile steps the clock in the middle of a stream that waits for a server:
// its time-out is as long as ever.
func (n *timeTraveller) meanwhile(t *testing.T, step time.Duration) {
	t.Helper()
	if err := os.Remove(filepath.Join(n.home, "run", "outage.json")); err != nil {
		t.Fatal(err)
	}
	n.set(step, 700*time.Millisecond)
	r := n.ok(t, "a\nb\n", "jetpack-send", "--lines", "-k", "away.clock", "--timeout=1500ms")
	if r.took < 1400*time.Millisecond || r.took > 7*time.Second {
		t.Errorf("a stream in which the clock jumped by %v took %v", step, r.took)
	}
}

func (n *timeTraveller) dateConnection(t *testing.T, step time.Duration) {
	t.Helper()
	at := time.Now().Add(step)
	if err := os.Chtimes(filepath.Join(n.home, "config", "connection.json"), at, at); err != nil {
		t.Fatal(err)
	}
}

// arrived compares what the broker got with what was said, and when.
func (n *timeTraveller) arrived(t *testing.T, bodies []string) {
	t.Helper()
	if len(bodies) != len(n.said) {
		t.Fatalf("%d messages arrived of %d", len(bodies), len(n.said))
	}
	ids := map[string]bool{}
	for i, body := range bodies {
		var e struct {
			ID        string `json:"message_id"`
			Timestamp time.Time
			Data      struct{ Message string }
		}
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			t.Fatal(err)
		}
		ids[e.ID] = true
		if want := n.said[i]; e.Data.Message != want.text || e.Timestamp.Sub(want.at).Abs() > time.Minute {
			t.Errorf("message %d is %q of %v, want %q of %v", i, e.Data.Message, e.Timestamp, want.text, want.at)
		}
	}
	if len(ids) != len(n.said) {
		t.Errorf("%d different ids of %d messages", len(ids), len(n.said))
	}
}

// journal compares logs/jetpack.log with what was said, and when.
func (n *timeTraveller) journal(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(n.home, "logs", "jetpack.log"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != len(n.said) {
		t.Fatalf("%d entries of %d in jetpack.log", len(lines), len(n.said))
	}
	for i, line := range lines {
		at, err := time.Parse("2006-01-02 15:04:05,000", line[:len("2006-01-02 15:04:05,000")])
		if want := n.said[i]; err != nil || at.Sub(want.at).Abs() > time.Minute || !strings.HasSuffix(line, " "+want.text) {
			t.Errorf("entry %d is %q, %v; want %q of %v", i, line, err, want.text, want.at)
		}
	}
}
