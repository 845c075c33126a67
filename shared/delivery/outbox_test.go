package delivery

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"jetpack.internal/shared/courier"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/message"
	"jetpack.internal/shared/outbox"
)

const away = `{"broker": {"url": "amqp://127.0.0.1:1"}}`

// clerk is a courier that refuses the messages with certain bodies.
type clerk struct {
	refuses map[string]error
	took    []string
}

func (c *clerk) Carry(_ context.Context, in <-chan message.Message, done courier.Done) error {
	for m := range in {
		no := c.refuses[string(m.Body)]
		if no == nil {
			c.took = append(c.took, string(m.Body))
		}
		if err := done(m, no); err != nil {
			return err
		}
	}
	return nil
}

func (c *clerk) Check(context.Context, *string, *string) ([]string, error) { return nil, nil }
func (c *clerk) Close() error                                              { return nil }

func raw(body string) message.Message {
	return message.Message{ID: body, Key: "k", Time: time.Unix(1, 0), Body: []byte(body)}
}

func TestQueuedWhileAway(t *testing.T) {
	s := open(t, testHome(t, away), Options{Timeout: time.Second})
	for range 2 {
		outcome, err := s.Report(t.Context(), "log", "x")
		if err != nil || outcome != Queued {
			t.Fatalf("%v, %v", outcome, err)
		}
	}
	strict := open(t, s.home, Options{Timeout: time.Second, Strict: true})
	if _, err := strict.Report(t.Context(), "log", "x"); exit.Status(err) != exit.Temporary {
		t.Errorf("strict: %v", err)
	}
	c := &clerk{}
	s.carrier = c
	if n, err := s.Flush(t.Context()); n != 2 || err != nil || len(c.took) != 2 {
		t.Errorf("flushed %d, %v", n, err)
	}
}

func TestRequestNeverQueues(t *testing.T) {
	s := open(t, testHome(t, away), Options{Timeout: time.Second})
	err := s.Request(t.Context(), "shutdown", map[string]string{"reason": "unhealthy"}, time.Minute)
	if exit.Status(err) != exit.Temporary || !s.box.Empty() {
		t.Errorf("error %v, outbox empty: %v", err, s.box.Empty())
	}
	// It does not wait behind others either, nor believe in an outage.
	if _, err := s.Report(t.Context(), "log", "x"); err != nil {
		t.Fatal(err)
	}
	c := &clerk{}
	s.carrier = c
	if err := s.Request(t.Context(), "shutdown", nil, time.Minute); err != nil || len(c.took) != 1 || !strings.Contains(c.took[0], `"shutdown"`) {
		t.Errorf("%v, took %q", err, c.took)
	}
}

func TestOutageIsForgotten(t *testing.T) {
	h := testHome(t, away)
	o := outage{h.Run("outage.json"), written(h.Connection())}
	now := time.Now().Add(time.Second)
	o.begin(now, exit.Errorf(exit.Temporary, "gone"))
	if err := o.known(now.Add(time.Second)); exit.Status(err) != exit.Temporary || !strings.Contains(err.Error(), "gone") {
		t.Errorf("known as %v", err)
	}
	for name, at := range map[string]time.Time{"in time": now.Add(memory), "clock set back": now.Add(-time.Hour), "clock set forward": now.AddDate(5, 0, 0)} {
		if err := o.known(at); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	moments := map[time.Duration]bool{}
	for range 100 {
		f := forgetting()
		if moments[f] = true; f > memory || f < memory*3/4 {
			t.Errorf("an outage is taken for granted for %v", f)
		}
	}
	if len(moments) < 50 {
		t.Errorf("nodes come back at only %d different moments", len(moments))
	}
	for name, at := range map[string]time.Time{"later": now.Add(2 * time.Second), "with an older file": now.AddDate(-5, 0, 0)} {
		changed := outage{o.path, at}
		if err := changed.known(now.Add(time.Second)); err != nil {
			t.Errorf("after a change of the connection %s: %v", name, err)
		}
	}
	// A file from the future, as a clock that was set back leaves it.
	future := outage{o.path, now.AddDate(5, 0, 0)}
	future.begin(now, exit.Errorf(exit.Temporary, "gone"))
	if err := future.known(now.Add(time.Second)); exit.Status(err) != exit.Temporary {
		t.Errorf("with a connection file from the future: known as %v", err)
	}
	for _, text := range []string{"", "{", `{"until":"9999-01-01T00:00:00Z"}`} {
		write(t, o.path, text)
		if err := o.known(now); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A raw message that the server refuses stands aside; the others pass, and
// it is tried again.
func TestRefusedMessagesStandAside(t *testing.T) {
	s := open(t, testHome(t, away), Options{Timeout: time.Second})
	if err := s.box.Put(t.Context(), raw("a"), raw("bad"), raw("b")); err != nil {
		t.Fatal(err)
	}
	c := &clerk{refuses: map[string]error{"bad": &courier.Refusal{Err: exit.Errorf(exit.No, "unroutable")}}}
	s.carrier = c
	for range 2 {
		if _, err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var left []string
	if _, err := s.Pending(t.Context(), func(w Waiting) error {
		if w.Refused {
			left = append(left, w.Message.ID)
		}
		return nil
	}); err != nil || !reflect.DeepEqual(left, []string{"bad"}) || !s.box.Empty() {
		t.Errorf("left %q, %v", left, err)
	}
	c.refuses = nil
	if n, err := s.Flush(t.Context()); n != 1 || err != nil || !reflect.DeepEqual(c.took, []string{"a", "b", "bad"}) {
		t.Errorf("%d, %v, took %q", n, err, c.took)
	}
}

// A report that is refused holds up those behind it: the server is wrong.
func TestRefusedReportsStay(t *testing.T) {
	s := open(t, testHome(t, away), Options{Timeout: time.Second})
	first := raw("first")
	first.Envelope = true
	if err := s.box.Put(t.Context(), first, raw("second")); err != nil {
		t.Fatal(err)
	}
	c := &clerk{refuses: map[string]error{"first": &courier.Refusal{Err: exit.Errorf(exit.Usage, "exchange missing")}}}
	s.carrier = c
	if _, err := s.Flush(t.Context()); exit.Status(err) != exit.Usage || c.took != nil {
		t.Errorf("%v, took %q", err, c.took)
	}
	c.refuses = nil
	if n, err := s.Flush(t.Context()); n != 2 || err != nil || !reflect.DeepEqual(c.took, []string{"first", "second"}) {
		t.Errorf("%d, %v, took %q", n, err, c.took)
	}
}

func TestLossesAreConfessed(t *testing.T) {
	s := open(t, testHome(t, away), Options{Timeout: time.Second})
	s.box = outbox.At(s.home.Run("outbox"), outbox.Limits{Bytes: 1 << 20, Count: 10})
	var full *outbox.FullError
	for i := range 12 {
		_, err := s.Report(t.Context(), "log", i)
		if refused := errors.As(err, &full); refused != (i >= 9) || refused && exit.Status(err) != exit.Temporary {
			t.Fatalf("message %d: %v", i, err)
		}
	}
	if _, err := s.Important(t.Context(), "health", "evidence"); err != nil {
		t.Errorf("no room for what is important: %v", err)
	}
	path := s.home.Run("outbox", "000000000001.jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	write(t, path, string(text))
	c := &clerk{}
	s.carrier = c
	if _, err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	last := c.took[len(c.took)-1]
	if len(c.took) != 10 || !strings.Contains(last, "3 refused because it was full, 1 damaged and set aside") || !strings.Contains(last, `"high"`) {
		t.Errorf("%d taken, the last says %s", len(c.took), last)
	}
	if _, err := os.Stat(filepath.Join(s.home.Run("outbox"), "damaged")); err != nil {
		t.Error(err)
	}
	if !s.box.Losses().None() {
		t.Error("confessed, and not forgiven")
	}
}

// A box that is full is emptied by what is said next, once the server is back,
// and what was delivered after all is no loss.
func TestFullBoxMakesRoom(t *testing.T) {
	s := open(t, testHome(t, away), Options{Timeout: time.Second})
	s.box = outbox.At(s.home.Run("outbox"), outbox.Limits{Bytes: 1 << 20, Count: 10})
	for i := range 9 {
		if err := s.box.Put(t.Context(), raw(string('a'+rune(i)))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Send(t.Context(), raw("lost")); exit.Status(err) != exit.Temporary || s.box.Losses().Refused != 1 {
		t.Errorf("%v, losses %+v", err, s.box.Losses())
	}
	s.outage.over()
	c := &clerk{}
	s.carrier = c
	if outcome, err := s.Send(t.Context(), raw("next")); outcome != Confirmed || err != nil {
		t.Errorf("%v, %v", outcome, err)
	}
	if got := strings.Join(c.took, ""); !strings.HasPrefix(got, "abcdefghi{") || !strings.HasSuffix(got, "}next") || !strings.Contains(got, "1 refused") {
		t.Errorf("took %q", got)
	}
	if !s.box.Losses().None() {
		t.Errorf("losses %+v", s.box.Losses())
	}
}

// A stream that cannot be delivered is in the outbox, whole and in order.
func TestStreamIntoTheOutbox(t *testing.T) {
	s := open(t, testHome(t, away), Options{Timeout: 300 * time.Millisecond})
	i := 0
	counts, err := s.Stream(t.Context(), func() (message.Message, error) {
		if i++; i > 5000 {
			return message.Message{}, errors.New("the source has broken")
		}
		return raw(strings.Repeat("x", i)), nil
	}, func(Counts) {})
	if err == nil || counts.Queued != 5000 {
		t.Fatalf("%+v, %v", counts, err)
	}
	n := 0
	if _, err := s.Pending(t.Context(), func(w Waiting) error {
		if n++; len(w.Message.Body) != n {
			t.Fatalf("message %d has %d bytes", n, len(w.Message.Body))
		}
		return nil
	}); err != nil || n != 5000 {
		t.Errorf("%d in the outbox, %v", n, err)
	}
}
