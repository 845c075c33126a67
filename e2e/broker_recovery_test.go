//go:build unix

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"jetpack.internal/e2e/rabbitmq"
)

// recovery: healthcheckd notices within a minute that the server is back, and
// delivers what waits. It begins here, and what it returns waits for the end:
// the service takes its time beside other tests.
func recovery(t *testing.T, b *rabbitmq.Broker) (end func()) {
	c := consume(t, b)
	const name = "recovery" // an exchange of its own: the service has much to say
	if err := c.channel.ExchangeDeclare(name, "topic", true, false, false, false, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.channel.QueueDeclare(name, true, false, false, false, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.channel.QueueBind(name, "#", name, false, nil); err != nil {
		t.Fatal(err)
	}
	connection := func(url string) string { return fmt.Sprintf(`{"broker": {"url": %q, "exchange": %q}}`, url, name) }
	s := newStation(t, b, buildPrograms(t, "jetpack-log", "jetpack-send", "healthcheckd"), connection("amqp://127.0.0.1:1"))
	service := s.command(context.WithoutCancel(t.Context()), "healthcheckd", "run")
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- service.Wait() }()
	t.Cleanup(func() {
		_ = service.Process.Signal(syscall.SIGTERM)
		if err := <-ended; err != nil {
			t.Errorf("healthcheckd: %v", err)
		}
	})
	// Its first round is over: what is queued from now on waits for the next minute.
	s.await(t, time.Minute, "first round", func() bool {
		_, err := os.Stat(filepath.Join(s.home, "run", "healthcheck.prom"))
		return err == nil
	})
	s.ok(t, "", "jetpack-log", "while it was away")
	s.write(t, "config/connection.json", connection(b.URL()))
	back := time.Now()
	empty := make(chan time.Duration, 1)
	go func() {
		waiting := filepath.Join(s.home, "run", "outbox", "*.jsonl")
		for files, _ := filepath.Glob(waiting); len(files) > 0 && t.Context().Err() == nil; files, _ = filepath.Glob(waiting) {
			time.Sleep(100 * time.Millisecond)
		}
		empty <- time.Since(back)
	}()
	return func() {
		select {
		case took := <-empty:
			if took > 70*time.Second {
				t.Errorf("recovery was noticed after %v", took)
			}
		case <-time.After(3 * time.Minute):
			t.Fatal("recovery was never noticed")
		}
		if got := strings.Join(consume(t, b).all(t, name), "\n"); !strings.Contains(got, "while it was away") {
			t.Errorf("arrived: %s", got)
		}
	}
}

// await waits until something is so.
func (s *station) await(t *testing.T, most time.Duration, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(most); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no %s after %v", what, most)
		}
	}
}
