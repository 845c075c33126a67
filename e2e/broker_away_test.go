//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"net"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestBrokerAway: what is said while the broker is away arrives, in order,
// when it is back, and costs the node's scripts no time.
func TestBrokerAway(t *testing.T) {
	b := startBroker(t)
	bin := buildPrograms(t, "jetpack-log", "jetpack-send")
	c := consume(t, b)
	c.queue(t, "away", "away.#", nil)
	c.queue(t, "logs", "log.#", nil)
	s := newStation(t, b, bin, connectTo(b.URL()))
	s.ok(t, "", "jetpack-log", "zero")
	b.Down()

	r := s.ok(t, "", "jetpack-log", "one")
	s.refused(t, 75, "cannot reach broker", "jetpack-send", "--strict", "-k", "away.x", "never")
	var times []time.Duration
	for i := range 30 {
		r = s.ok(t, "", "jetpack-log", fmt.Sprint("known ", i))
		times = append(times, r.took)
	}
	slices.Sort(times)
	t.Logf("a call during a known outage: best %v, median %v", times[0], times[15])
	if times[0] > 15*time.Millisecond {
		t.Errorf("a call during a known outage takes %v at best", times[0])
	}
	if r := s.ok(t, "x\ny\nz\n", "jetpack-send", "-k", "away.y", "--lines", "--timeout=1m"); r.took > 20*time.Second {
		t.Errorf("a stream during a known outage takes %v", r.took)
	}
	if n := s.pending(t); n != 34 {
		t.Errorf("%d messages pending", n)
	}
	s.refused(t, 75, "cannot reach broker", "jetpack-log", "--strict", "never")

	if err := b.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	c = consume(t, b)
	if r := s.ok(t, "", "jetpack-send", "--flush"); r.stdout != "messages delivered: 34\n" {
		t.Errorf("flush says %q", r.stdout)
	}
	s.ok(t, "", "jetpack-log", "last")
	want := []string{"zero", "one"}
	for i := range 30 {
		want = append(want, fmt.Sprint("known ", i))
	}
	if got := texts(t, c.all(t, "logs")); !reflect.DeepEqual(got, append(want, "last")) {
		t.Errorf("logs arrived as %q", got)
	}
	if got := c.all(t, "away"); !reflect.DeepEqual(got, []string{"x", "y", "z"}) {
		t.Errorf("arrived: %q", got)
	}
	recovered := recovery(t, b)
	t.Run("behind", func(t *testing.T) {
		away := newStation(t, b, bin, connectTo("amqp://127.0.0.1:1"))
		away.ok(t, "", "jetpack-log", "first")
		away.write(t, "config/connection.json", connectTo(b.URL()))
		away.ok(t, "", "jetpack-log", "second")
		if got := texts(t, c.all(t, "logs")); !reflect.DeepEqual(got, []string{"first", "second"}) {
			t.Errorf("arrived as %q", got)
		}
	})
	t.Run("blocked", func(t *testing.T) {
		for reason, c := range map[string]struct{ on, off []string }{
			"low on memory": {[]string{"set_vm_memory_high_watermark", "absolute", "1"}, []string{"set_vm_memory_high_watermark", "0.6"}},
			"low on disk":   {[]string{"set_disk_free_limit", "1000000GB"}, []string{"set_disk_free_limit", "1MB"}},
		} {
			blocked(t, s, reason, c.on, c.off)
		}
		// "x" was on its way when its sender gave up: it may have arrived.
		if got := strings.Count(strings.Join(c.all(t, "away"), " "), "kept"); got != 2 {
			t.Errorf("%d messages of 2 arrived", got)
		}
	})
	t.Run("hostile", func(t *testing.T) { hostile(t, s) })
	t.Run("stalls", func(t *testing.T) { stalls(t, b, bin) })
	t.Run("heartbeats", func(t *testing.T) { heartbeats(t, b, bin, c) })
	t.Run("full", func(t *testing.T) { fullOutbox(t, b, bin, c) })
	t.Run("clock", func(t *testing.T) { steppedClock(t, b, c) })
	recovered()
}

// blocked: a broker whose alarm is on costs the time-out and no message.
func blocked(t *testing.T, s *station, reason string, on, off []string) {
	control := func(args []string) {
		t.Helper()
		if _, err := s.broker.Control(t.Context(), args...); err != nil {
			t.Fatal(err)
		}
	}
	control(on)
	r := s.refused(t, 75, fmt.Sprintf("blocked by its alarm: %q", reason), "jetpack-send", "--strict", "--timeout=2s", "-k", "away.z", "x")
	if r.took > 6*time.Second {
		t.Errorf("waited %v", r.took)
	}
	s.ok(t, "", "jetpack-send", "--timeout=2s", "-k", "away.z", "kept")
	control(off)
	s.ok(t, "", "jetpack-send", "--flush")
}

// texts are the messages in log envelopes.
func texts(t *testing.T, bodies []string) (texts []string) {
	t.Helper()
	for _, body := range bodies {
		var e struct{ Data struct{ Message string } }
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, e.Data.Message)
	}
	return texts
}

// hostile: a broker that sends garbage, huge frames or nothing costs the
// time-out at most, little memory and no message.
func hostile(t *testing.T, s *station) {
	for answer, words := range map[string]string{
		"":                                 "no answer in time",
		"HTTP/1.1 400 Bad Request\r\n\r\n": "speak our protocol",
		"AMQP\x00\x01\x00\x00":             "speak our protocol",
		"\x01\x00\x00\xff\xff\xff\xff" + strings.Repeat("\x00", 1<<16): "speak our protocol",
	} {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				if _, err := conn.Write([]byte(answer)); err != nil {
					return
				}
			}
		}()
		node := newStation(t, s.broker, s.bin, connectTo("amqp://"+l.Addr().String()))
		r := node.refused(t, 75, words, "jetpack-send", "--strict", "--timeout=1s", "-k", "a", "x")
		if r.took > 4*time.Second {
			t.Errorf("%.20q: took %v", answer, r.took)
		}
		node.ok(t, "", "jetpack-send", "--timeout=1s", "-k", "a", "x")
		if node.pending(t) != 1 {
			t.Errorf("%.20q: the message is not in the outbox", answer)
		}
	}
}
