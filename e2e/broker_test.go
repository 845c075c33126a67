//go:build unix

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"jetpack.internal/e2e/rabbitmq"
)

// station is a node with its programs, and the broker it reports to.
type station struct {
	broker *rabbitmq.Broker
	bin    string
	home   string
	env    []string // of its programs, besides what they need
}

func startBroker(t *testing.T, config ...string) *rabbitmq.Broker {
	t.Helper()
	b, err := rabbitmq.Start(t.Context(), t.TempDir(), config...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Stop)
	return b
}

// buildPrograms builds the programs as they ship.
func buildPrograms(t *testing.T, names ...string) (bin string) {
	t.Helper()
	return buildProgramsInto(t, t.TempDir(), names...)
}

func buildProgramsInto(t testing.TB, bin string, names ...string) string {
	t.Helper()
	return buildProgramsWith(t, bin, "-trimpath", names...)
}

// buildProgramsWith builds them with one more flag.
func buildProgramsWith(t testing.TB, bin, flag string, names ...string) string {
	t.Helper()
	for _, name := range names {
		cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", flag, "-ldflags=-s -w", "-o", filepath.Join(bin, name), ".")
		cmd.Dir = filepath.Join("..", name)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("cannot build %s: %v\n%s", name, err, out)
		}
	}
	return bin
}

const stationTree = `{"cyclecloud":{"cluster":{"name":"lab.1"},"node":{"name":"execute-7"},"instance":{"id":"i-0123"}}}`

// newStation is a fresh node; the connection is config/connection.json.
func newStation(t *testing.T, b *rabbitmq.Broker, bin, connection string) *station {
	t.Helper()
	s := &station{broker: b, bin: bin, home: t.TempDir()}
	if err := os.Mkdir(filepath.Join(s.home, "config"), 0o750); err != nil {
		t.Fatal(err)
	}
	s.write(t, "config/configuration.json", stationTree)
	s.write(t, "config/connection.json", connection)
	return s
}

func (s *station) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.home, name), []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
}

func connectTo(url string) string { return fmt.Sprintf(`{"broker": {"url": %q}}`, url) }

// ran is how a program ended.
type ran struct {
	status         int
	stdout, stderr string
	took           time.Duration
}

func (s *station) run(t *testing.T, stdin string, args ...string) ran {
	t.Helper()
	cmd := s.command(t.Context(), args...)
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	err := cmd.Run()
	if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return ran{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), time.Since(start)}
}

// ok runs a program that must succeed without a word on stderr.
func (s *station) ok(t *testing.T, stdin string, args ...string) ran {
	t.Helper()
	r := s.run(t, stdin, args...)
	if r.status != 0 || r.stderr != "" {
		t.Fatalf("%q: status %d, stderr %q", args, r.status, r.stderr)
	}
	return r
}

// refused runs a program that must end with the status and these words.
func (s *station) refused(t *testing.T, status int, words string, args ...string) ran {
	t.Helper()
	r := s.run(t, "", args...)
	if r.status != status || !strings.Contains(r.stderr, words) || r.stdout != "" {
		t.Errorf("%q: status %d, stdout %q, stderr %q; want status %d and %q", args, r.status, r.stdout, r.stderr, status, words)
	}
	if strings.Contains(r.stderr, "s3cret") {
		t.Errorf("%q tells the password: %q", args, r.stderr)
	}
	return r
}

func (s *station) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, args[0]), args[1:]...)
	cmd.Env = append([]string{"JETPACK_HOME=" + s.home, "JETPACK_IMDS_ENDPOINT=none"}, s.env...)
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// pending is the ids in the outbox.
func (s *station) pending(t *testing.T) int {
	t.Helper()
	return strings.Count(s.ok(t, "", "jetpack-send", "--pending").stdout, "\n")
}

// consumer is a client that is not ours to look at what arrived.
type consumer struct {
	conn    *amqp.Connection
	channel *amqp.Channel
}

func consume(t *testing.T, b *rabbitmq.Broker) *consumer {
	t.Helper()
	conn, err := amqp.Dial(b.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	channel, err := conn.Channel()
	if err != nil {
		t.Fatal(err)
	}
	if err := channel.ExchangeDeclare("cyclecloud", "topic", true, false, false, false, nil); err != nil {
		t.Fatal(err)
	}
	return &consumer{conn, channel}
}

// queue makes a durable queue that takes the keys of the exchange cyclecloud.
func (c *consumer) queue(t *testing.T, name, keys string, args amqp.Table) {
	t.Helper()
	if _, err := c.channel.QueueDeclare(name, true, false, false, false, args); err != nil {
		t.Fatal(err)
	}
	if err := c.channel.QueueBind(name, keys, "cyclecloud", false, nil); err != nil {
		t.Fatal(err)
	}
}

func (c *consumer) get(t *testing.T, queue string) amqp.Delivery {
	t.Helper()
	d, found, err := c.channel.Get(queue, true)
	if err != nil || !found {
		t.Fatalf("no message in %s: %v", queue, err)
	}
	return d
}

// all takes all messages off a queue.
func (c *consumer) all(t *testing.T, queue string) (bodies []string) {
	t.Helper()
	c.each(t, queue, func(d amqp.Delivery) { bodies = append(bodies, string(d.Body)) })
	return bodies
}

// each takes all messages off a queue, thousands of them in a second.
func (c *consumer) each(t *testing.T, queue string, do func(amqp.Delivery)) {
	t.Helper()
	for {
		q, err := c.channel.QueueDeclarePassive(queue, true, false, false, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		if q.Messages == 0 {
			return
		}
		deliveries, err := c.channel.Consume(queue, "taker", true, false, false, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range q.Messages {
			do(<-deliveries)
		}
		if err := c.channel.Cancel("taker", false); err != nil {
			t.Fatal(err)
		}
		for d := range deliveries {
			do(d)
		}
	}
}

// amqpGet reads one message with the independent client.
func amqpGet(t *testing.T, b *rabbitmq.Broker, queue string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "amqp-get", "--url="+b.URL(), "-q", queue).Output()
	if err != nil {
		t.Fatalf("amqp-get: %v (apt-get install amqp-tools)", err)
	}
	return string(out)
}
