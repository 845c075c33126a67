//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	amqp "github.com/rabbitmq/amqp091-go"

	"jetpack.internal/e2e/rabbitmq"
)

// fullOutbox: at its bound the outbox refuses with a status and a sentence,
// and all that it took arrives once and in order when the broker is back.
func fullOutbox(t *testing.T, b *rabbitmq.Broker, bin string, c *consumer) {
	c.queue(t, "full", "full", nil)
	t.Run("by count", func(t *testing.T) { fullByCount(t, newStation(t, b, bin, connectTo("amqp://127.0.0.1:1")), c) })
	t.Run("by bytes", func(t *testing.T) { fullByBytes(t, newStation(t, b, bin, connectTo("amqp://127.0.0.1:1")), c) })
}

func fullByCount(t *testing.T, s *station, c *consumer) {
	const bound = 90_000 // nine tenths of 100,000: the last tenth is for what matters most
	var lines strings.Builder
	for i := range 2 * bound {
		fmt.Fprintln(&lines, i)
	}
	kept := s.fill(t, lines.String())
	if kept > bound || kept < bound-2_000 {
		t.Fatalf("%d messages were kept, want about %d", kept, bound)
	}
	// A stream is refused by the batch: there may be room for less than that.
	s.ok(t, strings.Join(strings.Fields(lines.String())[kept:bound], "\n"), "jetpack-send", "-k", "full", "--lines")
	said := s.full(bound)
	s.refused(t, 75, said, "jetpack-send", "-k", "full", "one too many")
	s.refused(t, 75, said, "jetpack-log", "one too many")
	s.ok(t, "", "jetpack-log", "--level=error", "evidence")
	if n := s.pending(t); n != bound+1 {
		t.Errorf("%d messages pending", n)
	}

	s.write(t, "config/connection.json", connectTo(s.broker.URL()))
	s.ok(t, "", "jetpack-log", "--timeout=5m", "the broker is back")
	next := 0
	c.each(t, "full", func(d amqp.Delivery) {
		if string(d.Body) != strconv.Itoa(next) {
			t.Fatalf("message %d is %q", next, d.Body)
		}
		next++
	})
	logs := texts(t, c.all(t, "logs"))
	if next != bound || len(logs) != 3 || s.pending(t) != 0 {
		t.Fatalf("%d messages and %q arrived, %d pending", next, logs, s.pending(t))
	}
	if !slices.Equal([]string{logs[0], logs[2]}, []string{"evidence", "the broker is back"}) ||
		!regexp.MustCompile(`has lost messages since .*: [1-9]\d* refused because it was full, 0 damaged`).MatchString(logs[1]) {
		t.Errorf("logs arrived as %q", logs)
	}
}

func fullByBytes(t *testing.T, s *station, c *consumer) {
	const size, bound = 1_000_000, (128 << 20) / 10 * 9
	var lines strings.Builder
	for i := range 160 {
		fmt.Fprintf(&lines, "%0*d\n", size, i)
	}
	kept := s.fill(t, lines.String())
	if bytes := kept * size; bytes > bound || bytes < bound-12*size {
		t.Fatalf("%d messages were kept", kept)
	}
	s.write(t, "config/connection.json", connectTo(s.broker.URL()))
	if r := s.ok(t, "", "jetpack-send", "--flush", "--timeout=5m"); r.stdout != fmt.Sprintf("messages delivered: %d\n", kept) {
		t.Errorf("flush says %q", r.stdout)
	}
	next := 0
	c.each(t, "full", func(d amqp.Delivery) {
		if n, err := strconv.Atoi(string(d.Body)); err != nil || n != next || len(d.Body) != size {
			t.Fatalf("message %d has %d bytes and ends in %q", next, len(d.Body), d.Body[max(0, len(d.Body)-20):])
		}
		next++
	})
	if next != kept || s.pending(t) != 0 {
		t.Errorf("%d messages of %d arrived, %d pending", next, kept, s.pending(t))
	}
	if logs := texts(t, c.all(t, "logs")); len(logs) != 1 || !strings.Contains(logs[0], "refused because it was full") {
		t.Errorf("logs arrived as %q", logs)
	}
}

// full is what a program says of an outbox that holds so many messages.
func (s *station) full(count int) string {
	return fmt.Sprintf("outbox %s is full: it holds %d messages, ", filepath.Join(s.home, "run", "outbox"), count)
}

// fill sends lines until the outbox takes no more, and returns how many it
// took: by what the program says, by --pending, and the refused are counted.
func (s *station) fill(t *testing.T, lines string) (kept int) {
	t.Helper()
	r := s.run(t, lines, "jetpack-send", "-k", "full", "--lines", "--timeout=100ms")
	found := regexp.MustCompile(`hint: the first (\d+) records were handed over, the others not`).FindStringSubmatch(r.stderr)
	if r.status != 75 || found == nil {
		t.Fatalf("status %d, stderr %q", r.status, r.stderr)
	}
	kept, err := strconv.Atoi(found[1])
	if err != nil || !strings.Contains(r.stderr, s.full(kept)) {
		t.Errorf("stderr %q, %v", r.stderr, err)
	}
	if n := s.pending(t); n != kept {
		t.Fatalf("%d messages pending, want %d", n, kept)
	}
	var losses struct{ Refused int }
	text, err := os.ReadFile(filepath.Join(s.home, "run", "outbox", "losses.json"))
	if err != nil || json.Unmarshal(text, &losses) != nil || losses.Refused == 0 {
		t.Errorf("losses %s, %v", text, err)
	}
	return kept
}
