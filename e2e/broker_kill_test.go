//go:build unix

package e2e

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// rounds of killing; seeded, so that a failure can be had again.
const rounds = 240

// TestBrokerKill: programs are killed at random moments while the broker is
// killed now and then. Every message whose program ended with 0 arrives.
func TestBrokerKill(t *testing.T) {
	b := startBroker(t)
	bin := buildPrograms(t, "jetpack-log", "jetpack-send")
	// Once a killed broker forgot which messages a queue wants. Who serves nodes
	// declares it whenever it connects, and what came before that has waited.
	declare := func() *consumer {
		c := consume(t, b)
		c.queue(t, "kill", "kill", nil)
		c.queue(t, "kill logs", "log.#", nil)
		return c
	}
	declare()
	s := newStation(t, b, bin, connectTo(b.URL()))
	random := rand.New(rand.NewPCG(1, 2))
	t.Cleanup(func() { t.Log("seed 1, 2") })

	var expected []string
	killed := 0
	restart := func() *sync.WaitGroup {
		b.Crash()
		var up sync.WaitGroup
		up.Go(func() {
			if err := b.Up(t.Context()); err != nil {
				t.Error(err)
			}
		})
		return &up
	}
	var up *sync.WaitGroup
	for i := range rounds {
		switch i % 80 {
		case 40:
			up = restart()
		case 55:
			up.Wait()
		}
		stdin := []string{fmt.Sprint("m", i)}
		args := []string{"jetpack-send", "--timeout=300ms", "-k", "kill", "-"}
		longest := 12 * time.Millisecond // a program for one message ends by then
		switch random.IntN(5) {
		case 0:
			args = append(args, "--lines")
			longest = 60 * time.Millisecond
			for j := range random.IntN(500) {
				stdin = append(stdin, fmt.Sprint("m", i, ".", j))
			}
		case 1:
			args, stdin = []string{"jetpack-send", "--flush", "--timeout=300ms"}, nil
			longest = 60 * time.Millisecond
		case 2:
			args = []string{"jetpack-log", "--timeout=300ms"}
		}
		if s.killedAt(t, time.Duration(random.Int64N(int64(longest))), strings.Join(stdin, "\n"), args...) {
			killed++
			continue
		}
		expected = append(expected, stdin...)
	}
	t.Logf("%d of %d programs killed, %d messages handed over", killed, rounds, len(expected))
	c := declare()
	for s.pending(t) > 0 {
		s.ok(t, "", "jetpack-send", "--flush")
	}
	arrived := map[string]bool{}
	for _, text := range append(c.all(t, "kill"), texts(t, c.all(t, "kill logs"))...) {
		arrived[text] = true
	}
	for _, text := range expected {
		if !arrived[text] {
			t.Errorf("%s was handed over and is lost", text)
		}
	}
}

// killedAt runs a program, kills it after d, and tells whether it was too
// late for that and the program had ended with 0.
func (s *station) killedAt(t *testing.T, d time.Duration, stdin string, args ...string) (killed bool) {
	t.Helper()
	cmd := s.command(t.Context(), args...)
	cmd.Stdin = strings.NewReader(stdin)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(d, func() { _ = cmd.Process.Signal(syscall.SIGKILL) })
	defer timer.Stop()
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode() != 0
}

// TestBrokerRestart: a stream goes through a broker that dies in its middle,
// and through one that stays away, and nothing of it is lost.
func TestBrokerRestart(t *testing.T) {
	b := startBroker(t)
	bin := buildPrograms(t, "jetpack-send")
	c := consume(t, b)
	c.queue(t, "stream", "stream", nil)
	s := newStation(t, b, bin, connectTo(b.URL()))
	const lines = 60_000
	var text strings.Builder
	for i := range lines {
		fmt.Fprintln(&text, i)
	}
	done := make(chan ran)
	go func() {
		done <- s.run(t, text.String(), "jetpack-send", "-k", "stream", "--lines", "--timeout=10m", "-v")
	}()
	for waiting(t, c) == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	b.Crash()
	if err := b.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := <-done
	if r.status != 0 || !strings.Contains(r.stderr, strconv.Itoa(lines)+" messages handed over\n") {
		t.Fatalf("status %d, stderr %q", r.status, r.stderr)
	}
	c = consume(t, b)
	seen := make([]int, lines)
	latest := -1
	var firsts []int
	for _, body := range c.all(t, "stream") {
		n, err := strconv.Atoi(body)
		if err != nil {
			t.Fatal(err)
		}
		if seen[n]++; seen[n] == 1 {
			firsts = append(firsts, n)
		}
		latest = max(latest, n)
	}
	for n, times := range seen {
		if times == 0 {
			t.Fatalf("line %d is lost", n)
		}
	}
	for i, n := range firsts {
		if i != n {
			t.Fatalf("line %d arrived first at place %d", n, i)
		}
	}

	b.Down()
	if r := s.run(t, text.String(), "jetpack-send", "-k", "stream", "--lines", "--timeout=500ms", "-v"); r.status != 0 || !strings.Contains(r.stderr, "60000 of them into the outbox") {
		t.Fatalf("status %d, stderr %q", r.status, r.stderr)
	}
	if err := b.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	c = consume(t, b)
	r = s.ok(t, "", "jetpack-send", "--flush", "--timeout=5m")
	t.Logf("60,000 queued messages flushed in %v", r.took)
	if got := strings.Join(c.all(t, "stream"), "\n") + "\n"; !reflect.DeepEqual(got, text.String()) {
		t.Errorf("%d bytes arrived of %d", len(got), text.Len())
	}
}

// waiting is how many messages are in the queue of the stream.
func waiting(t *testing.T, c *consumer) int {
	t.Helper()
	q, err := c.channel.QueueDeclarePassive("stream", true, false, false, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	return q.Messages
}
