//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	amqp "github.com/rabbitmq/amqp091-go"
)

// TestBroker: what the programs publish is what an independent client reads.
func TestBroker(t *testing.T) {
	b := startBroker(t, "max_message_size = 2000000")
	bin := buildPrograms(t, "jetpack-log", "jetpack-send")
	c := consume(t, b)
	node := func(t *testing.T) *station { return newStation(t, b, bin, connectTo(b.URL())) }

	t.Run("body", func(t *testing.T) {
		c.queue(t, "body", "body.#", nil)
		s := node(t)
		for _, body := range []string{"hello", "", "two\nlines\n", "\x00\xff\xfe", strings.Repeat("x", 1<<20)} {
			s.ok(t, body, "jetpack-send", "-k", "body.x")
			if got := amqpGet(t, b, "body"); got != body {
				t.Errorf("%.20q became %.20q", body, got)
			}
		}
		s.ok(t, "", "jetpack-send", "as an argument", "--routing-key", "body.y")
		s.write(t, "file", "as a file")
		s.ok(t, "", "jetpack-send", "-k", "body", "-f", s.home+"/file")
		if got := c.all(t, "body"); !reflect.DeepEqual(got, []string{"as an argument", "as a file"}) {
			t.Errorf("got %q", got)
		}
	})
	t.Run("properties", func(t *testing.T) {
		c.queue(t, "properties", "p.1.2", nil)
		node(t).ok(t, "", "jetpack-send", "-k", "p.1.2", "--header", "a=1;b,2", "--header=node_name=mine", "--content-type=text/plain",
			"--type=kind", "--priority=7", "--expiration=90s", "--reply-to=answers", "--message-id=id-1", "body")
		d := c.get(t, "properties")
		headers := amqp.Table{"a": "1;b,2", "node_name": "mine", "cluster_name": "lab.1", "instance_id": "i-0123"}
		if !reflect.DeepEqual(d.Headers, headers) {
			t.Errorf("headers %v", d.Headers)
		}
		if d.ContentType != "text/plain" || d.Type != "kind" || d.Priority != 7 || d.Expiration != "90000" || d.ReplyTo != "answers" ||
			d.MessageId != "id-1" || d.AppId != "jetpack" || d.DeliveryMode != amqp.Persistent || d.RoutingKey != "p.1.2" || d.Timestamp.IsZero() {
			t.Errorf("%+v", d)
		}
		node(t).ok(t, "", "jetpack-send", "-k", "p.1.2", "--transient", "body")
		if d := c.get(t, "properties"); d.DeliveryMode != amqp.Transient || len(d.MessageId) != 36 {
			t.Errorf("%+v", d)
		}
	})
	t.Run("default exchange", func(t *testing.T) {
		c.queue(t, "direct", "none", nil)
		node(t).ok(t, "", "jetpack-send", "--exchange", "", "-k", "direct", "x")
		if got := amqpGet(t, b, "direct"); got != "x" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("log", func(t *testing.T) {
		c.queue(t, "log", "log.lab_1.execute-7", nil)
		node(t).ok(t, "", "jetpack-log", "-l", "error", "disk\non", `fire "now" \n`)
		d := c.get(t, "log")
		var e struct {
			Cluster  string `json:"cluster_name"`
			Node     string `json:"node_name"`
			Instance string `json:"instance_id"`
			Type     string
			ID       string `json:"message_id"`
			Data     struct{ Level, Priority, Message string }
		}
		if err := json.Unmarshal(d.Body, &e); err != nil {
			t.Fatal(err)
		}
		if e.Cluster != "lab.1" || e.Node != "execute-7" || e.Instance != "i-0123" || e.Type != "log" || e.ID != d.MessageId ||
			e.Data.Level != "error" || e.Data.Priority != "high" || e.Data.Message != "disk\non fire \"now\" \\n" {
			t.Errorf("envelope %+v", e)
		}
		if d.DeliveryMode != amqp.Persistent || d.AppId != "jetpack" || d.Type != "log" || d.ContentType != "application/json" {
			t.Errorf("properties %+v", d)
		}
	})
	t.Run("records", func(t *testing.T) {
		c.queue(t, "records", "records", amqp.Table{"x-queue-type": "quorum"})
		long := strings.Repeat("y", 100<<10)
		var lines []string
		for i := range 300 {
			lines = append(lines, fmt.Sprint(i, " ", long[:i*300]))
		}
		s := node(t)
		s.ok(t, strings.Join(lines, "\n"), "jetpack-send", "-k", "records", "--lines")
		if got := c.all(t, "records"); !reflect.DeepEqual(got, lines) {
			t.Errorf("%d lines differ", len(got))
		}
		s.ok(t, "a\nb\x00c\x00", "jetpack-send", "-k", "records", "--null")
		if got := c.all(t, "records"); !reflect.DeepEqual(got, []string{"a\nb", "c"}) {
			t.Errorf("got %q", got)
		}
	})
	t.Run("refusals", func(t *testing.T) { refusals(t, node(t), c) })
	t.Run("check", func(t *testing.T) {
		s := node(t)
		c.queue(t, "checked", "checked", nil)
		for _, args := range [][]string{{"--check"}, {"--check", "-k", "x.y"}, {"--check", "--exchange=", "-k", "checked"}} {
			if r := s.ok(t, "", append([]string{"jetpack-send"}, args...)...); !strings.Contains(r.stdout, `logged in as "guest"`) {
				t.Errorf("%q: %q", args, r.stdout)
			}
		}
		for words, args := range map[string][]string{"exchange missing": {"--exchange=none"}, "unroutable": {"--exchange=", "-k", "none"}} {
			r := s.run(t, "", append([]string{"jetpack-send", "--check"}, args...)...)
			if r.status == 0 || !strings.Contains(r.stderr, words) {
				t.Errorf("%q: status %d, stderr %q", args, r.status, r.stderr)
			}
		}
		if got := c.all(t, "checked"); len(got) > 0 {
			t.Errorf("a check has sent %q", got)
		}
	})
}

// refusals: each no of the broker is a sentence and a status of its own.
func refusals(t *testing.T, s *station, c *consumer) {
	at := func(url string) *station { return newStation(t, s.broker, s.bin, connectTo(url)) }
	control := func(args ...string) {
		t.Helper()
		if _, err := s.broker.Control(t.Context(), args...); err != nil {
			t.Fatal(err)
		}
	}
	s.refused(t, 1, "unroutable", "jetpack-send", "-k", "nobody.listens", "x")
	s.refused(t, 2, "exchange missing", "jetpack-send", "-k", "a", "--exchange=none", "x")
	if s.pending(t) != 0 {
		t.Error("a refused message is in the outbox")
	}
	address := s.broker.Address()
	at("amqp://guest:s3cret@"+address).refused(t, 2, "refuses the user name or the password", "jetpack-send", "-k", "a", "x")
	at("amqp://guest:guest@"+address+"/none").refused(t, 2, `virtual host "none"`, "jetpack-send", "-k", "a", "x")
	control("add_user", "reader", "s3cret/@%")
	control("set_permissions", "reader", "", "", ".*")
	reader := at("amqp://reader:s3cret%2F%40%25@" + address)
	reader.refused(t, 2, "not authorised", "jetpack-send", "-k", "a", "x")
	reader.refused(t, 2, "not authorised", "jetpack-send", "--strict", "-k", "a", "x")

	for _, kind := range []string{"classic", "quorum"} {
		nacks(t, s, c, kind)
	}

	r := s.run(t, strings.Repeat("x", 2_000_001), "jetpack-send", "-k", "full.classic")
	if r.status != 2 || !strings.Contains(r.stderr, "message too large") {
		t.Errorf("too large: status %d, stderr %q", r.status, r.stderr)
	}
	r = s.run(t, "a\n"+strings.Repeat("x", 2_000_001)+"\nb\n", "jetpack-send", "-k", "records", "--lines")
	if r.status != 2 || !strings.Contains(r.stderr, "the first 1 records were handed over") {
		t.Errorf("too large in a stream: status %d, stderr %q", r.status, r.stderr)
	}
	// A report is kept where the server is wrongly set up, and nobody else is.
	lost := newStation(t, s.broker, s.bin, fmt.Sprintf(`{"broker": {"url": %q, "exchange": "none"}}`, s.broker.URL()))
	lost.ok(t, "", "jetpack-log", "keep me")
	if lost.pending(t) != 1 {
		t.Error("a report that was refused is not in the outbox")
	}
	lost.refused(t, 2, "exchange missing", "jetpack-log", "--strict", "do not")
}

// nacks: a queue at its bound does not accept a message, which is kept then.
func nacks(t *testing.T, s *station, c *consumer, kind string) {
	queue := "full." + kind
	c.queue(t, queue, queue, amqp.Table{"x-queue-type": kind, "x-max-length": int32(1), "x-overflow": "reject-publish"})
	// A quorum queue may take a few more before it notices.
	for i := 0; s.run(t, "", "jetpack-send", "--strict", "-k", queue, "first").status == 0; i++ {
		if i == 50 {
			t.Fatalf("%s never was full", queue)
		}
	}
	s.refused(t, 75, "not accepted (nack)", "jetpack-send", "--strict", "-k", queue, "two")
	s.ok(t, "", "jetpack-send", "-k", queue, "three")
	if s.pending(t) != 1 {
		t.Errorf("%s: a message that was not accepted is not in the outbox", queue)
	}
	c.all(t, queue)
	s.ok(t, "", "jetpack-send", "--flush")
	if got := c.all(t, queue); !reflect.DeepEqual(got, []string{"three"}) || s.pending(t) != 0 {
		t.Errorf("%s: flushed %q", queue, got)
	}
}
