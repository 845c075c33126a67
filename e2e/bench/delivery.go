//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"jetpack.internal/e2e/rabbitmq"
)

// delivery measures log and send against a real broker.
func (b *bench) delivery() error {
	dir, err := os.MkdirTemp(b.work, "broker")
	if err != nil {
		return err
	}
	broker, err := rabbitmq.Start(context.Background(), dir)
	if err != nil {
		return err
	}
	defer broker.Stop()
	connection := filepath.Join(b.home(), "config", "connection.json")
	if err := os.WriteFile(connection, fmt.Appendf(nil, `{"broker": {"url": %q}}`, broker.URL()), 0o600); err != nil {
		return err
	}
	defer os.Remove(connection)
	d := &deliveries{bench: b, url: broker.URL()}
	for _, measure := range []func() error{d.prepare, d.one, d.many, d.endless, d.crowd, d.fleet} {
		if err := measure(); err != nil {
			return err
		}
	}
	return d.away(broker)
}

type deliveries struct {
	*bench
	url     string
	channel *amqp.Channel
}

const (
	queue = "bench"
	last  = "last" // holds no more than a few messages
)

func (d *deliveries) prepare() error {
	conn, err := amqp.Dial(d.url)
	if err != nil {
		return err
	}
	if d.channel, err = conn.Channel(); err != nil {
		return err
	}
	if err := d.channel.ExchangeDeclare("cyclecloud", "topic", true, false, false, false, nil); err != nil {
		return err
	}
	if _, err := d.channel.QueueDeclare(queue, true, false, false, false, nil); err != nil {
		return err
	}
	for _, key := range []string{queue, "log.#"} {
		if err := d.channel.QueueBind(queue, key, "cyclecloud", false, nil); err != nil {
			return err
		}
	}
	return nil
}

// one is a single confirmed message against one that nobody confirms.
func (d *deliveries) one() error {
	times, err := d.medians(50, d.program("jetpack-send")+" -k bench hello",
		"amqp-publish -u "+d.url+" -e cyclecloud -r bench -p -b hello")
	if err != nil {
		return err
	}
	d.table.within("one confirmed message", times[0], times[1], "ms", "amqp-publish -p, unconfirmed", 1.5)
	return nil
}

// many is a stream of lines against the broker's floor: a bare loop that
// publishes them and awaits all confirmations at the end. A loop of the same
// messages, with our properties and headers, shows what those cost the broker.
func (d *deliveries) many() error {
	var lines bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&lines, "line %d of a stream, padded to about a hundred bytes as a usual line of a log file would be ....\n", i)
	}
	file := filepath.Join(d.work, "lines")
	if err := os.WriteFile(file, lines.Bytes(), 0o644); err != nil {
		return err
	}
	runs := []func() error{
		func() error { return d.start("jetpack-send", "-k", queue, "--lines", "-f", file).Run() },
		func() error { return d.bare(lines.Bytes(), amqp.Publishing{}, false) },
		func() error {
			return d.bare(lines.Bytes(), amqp.Publishing{
				MessageId: "0190a1b2-c3d4-7000-8000-000000000000", AppId: "jetpack", Timestamp: time.Now(),
				Headers: amqp.Table{"cluster_name": "bench", "node_name": "bench-node"},
			}, true)
		},
		func() error {
			cmd := exec.Command("amqp-publish", "-u", d.url, "-e", "cyclecloud", "-r", queue, "-l", "-p")
			cmd.Stdin = bytes.NewReader(lines.Bytes())
			return cmd.Run()
		},
	}
	seconds, err := d.inTurn(runs)
	if err != nil {
		return err
	}
	d.table.within("100,000 lines, confirmed", seconds[0], seconds[1], "s", "bare loop of bare lines", 1.1)
	d.table.within("  against the same messages", seconds[0], seconds[2], "s", "bare loop of equal messages", 1.1)
	d.table.within("  against nothing confirmed", seconds[0], seconds[3], "s", "amqp-publish -l -p", 10)
	return nil
}

// inTurn gives the median seconds of runs that take turns on an empty queue.
func (d *deliveries) inTurn(runs []func() error) ([]float64, error) {
	samples := make([][]float64, len(runs))
	for range 3 {
		for i, run := range runs {
			if _, err := d.channel.QueuePurge(queue, false); err != nil {
				return nil, err
			}
			start := time.Now()
			if err := run(); err != nil {
				return nil, err
			}
			samples[i] = append(samples[i], time.Since(start).Seconds())
		}
	}
	medians := make([]float64, len(runs))
	for i := range samples {
		medians[i] = median(samples[i])
	}
	return medians, nil
}

func (d *deliveries) bare(lines []byte, p amqp.Publishing, mandatory bool) error {
	conn, err := amqp.Dial(d.url)
	if err != nil {
		return err
	}
	defer conn.Close()
	channel, err := conn.Channel()
	if err != nil {
		return err
	}
	if err := channel.Confirm(false); err != nil {
		return err
	}
	p.DeliveryMode = amqp.Persistent
	var confirmations []*amqp.DeferredConfirmation
	for line := range bytes.Lines(lines) {
		p.Body = bytes.TrimSuffix(line, []byte("\n"))
		c, err := channel.PublishWithDeferredConfirm("cyclecloud", queue, mandatory, false, p)
		if err != nil {
			return err
		}
		confirmations = append(confirmations, c)
	}
	for _, c := range confirmations {
		if !c.Wait() {
			return fmt.Errorf("not confirmed")
		}
	}
	return nil
}

// start prepares a program at the bench's home.
func (d *deliveries) start(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(d.program(name), args...)
	cmd.Env = append(os.Environ(), "JETPACK_HOME="+d.home())
	return cmd
}

// crowd is 1,000 programs at once.
func (d *deliveries) crowd() error {
	const programs = 1000
	done := make(chan error)
	start := time.Now()
	for i := range programs {
		go func() { done <- d.start("jetpack-log", fmt.Sprint("message ", i)).Run() }()
	}
	for range programs {
		if err := <-done; err != nil {
			return fmt.Errorf("one of %d jetpack-log at once: %w", programs, err)
		}
	}
	d.table.limit("1,000 jetpack-log at once", time.Since(start).Seconds(), "s", 60)
	return nil
}

// away is the cost of a message while the server is known to be away, and of
// delivering what was kept.
func (d *deliveries) away(broker *rabbitmq.Broker) error {
	broker.Down()
	times, err := d.medians(50, d.program("jetpack-log")+" hello")
	if err != nil {
		return err
	}
	d.table.limit("jetpack-log, server away", times[0], "ms", 15)
	queued := d.start("jetpack-send", "-k", queue, "--lines", "--timeout=2s")
	queued.Stdin = &counter{left: 10_000, line: []byte("a line of a stream that nobody keeps in memory\n")}
	if err := queued.Run(); err != nil {
		return err
	}
	if err := broker.Up(context.Background()); err != nil {
		return err
	}
	start := time.Now()
	peak, err := peakMB(d.start("jetpack-send", "--flush"))
	if err != nil {
		return err
	}
	d.table.limit("10,000 queued messages flushed", time.Since(start).Seconds(), "s", 5)
	d.table.limit("  memory", peak, "MB", 40)
	return nil
}
