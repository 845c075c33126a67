//go:build unix

package e2e

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

// The fleet: nodes that come to one broker within a few seconds, and again
// when it is back. How fast they all connect the benchmark tells.
const (
	fleet  = "2000"
	spread = "15s"
	said   = 20_000
)

// TestBrokerFleet: 2,000 nodes log through the real code while their broker
// is killed and started again. All messages arrive; one that arrives twice
// has the same id.
func TestBrokerFleet(t *testing.T) {
	b := startBroker(t)
	c := consume(t, b)
	c.queue(t, "fleet", "log.#", nil)
	program := filepath.Join(t.TempDir(), "fleet")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./fleet").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	nodes := exec.CommandContext(t.Context(), program, t.TempDir(), b.URL(), fleet, spread)
	var errors transcript
	nodes.Stderr = &errors
	in, err := nodes.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := nodes.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := nodes.Start(); err != nil {
		t.Fatal(err)
	}
	half := bufio.NewScanner(out)
	if !half.Scan() {
		t.Fatalf("the fleet has ended: %s", errors.String())
	}
	t.Log(half.Text())
	b.Crash()
	if _, err := in.Write([]byte("\n")); err != nil { // some of them find nobody
		t.Fatal(err)
	}
	if err := b.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := nodes.Wait(); err != nil {
		t.Fatalf("%v: %s", err, errors.String())
	}
	t.Logf("all done after %v", time.Since(start))
	arrived(t, consume(t, b))
}

func arrived(t *testing.T, c *consumer) {
	t.Helper()
	ids, duplicates := map[string]string{}, 0
	c.each(t, "fleet", func(d amqp.Delivery) {
		text := texts(t, []string{string(d.Body)})[0]
		id, seen := ids[text]
		if seen {
			duplicates++
		}
		if seen && id != d.MessageId {
			t.Errorf("%s arrived with two ids", text)
		}
		ids[text] = d.MessageId
	})
	t.Logf("%d different messages, %d duplicates", len(ids), duplicates)
	if len(ids) != said {
		t.Errorf("%d of %d messages arrived", len(ids), said)
	}
}
