//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

// endless is the memory that long streams take, of usual and of long lines.
// The queue keeps the last few megabytes: it is the sender that is measured.
func (d *deliveries) endless() error {
	if _, err := d.channel.QueueDeclare(last, true, false, false, false, amqp.Table{"x-max-length-bytes": int32(16 << 20)}); err != nil {
		return err
	}
	if err := d.channel.QueueBind(last, last, "cyclecloud", false, nil); err != nil {
		return err
	}
	for _, s := range []struct {
		name        string
		lines, size int
	}{{"1,000,000 lines of 100 bytes", 1_000_000, 100}, {"10,000 lines of 100 KiB", 10_000, 100 << 10}} {
		cmd := d.start("jetpack-send", "-k", last, "--transient", "--lines", "--timeout=1m")
		cmd.Stdin = &counter{left: s.lines, line: append(bytes.Repeat([]byte("x"), s.size), '\n')}
		peak, err := peakMB(cmd)
		if err != nil {
			return err
		}
		d.table.limit("memory of a stream of "+s.name, peak, "MB", 40)
	}
	return nil
}

// fleet is how long it takes 2,000 nodes that come within 10 seconds to
// connect and have five messages each confirmed.
func (d *deliveries) fleet() error {
	program := filepath.Join(d.work, "fleet")
	if out, err := exec.Command("go", "build", "-o", program, "./fleet").CombinedOutput(); err != nil {
		return fmt.Errorf("cannot build the fleet: %w: %s", err, out)
	}
	dir, err := os.MkdirTemp(d.work, "nodes")
	if err != nil {
		return err
	}
	start := time.Now()
	if out, err := exec.Command(program, dir, d.url, "2000", "10s").CombinedOutput(); err != nil {
		return fmt.Errorf("the fleet: %w: %s", err, out)
	}
	d.table.limit("2,000 nodes connect and log", time.Since(start).Seconds(), "s", 30)
	return nil
}

// counter is a stream of equal lines that is nowhere in memory.
type counter struct {
	left int
	line []byte
	rest []byte // of the line that is being read
}

func (c *counter) Read(data []byte) (n int, err error) {
	for n < len(data) {
		if len(c.rest) == 0 {
			if c.left == 0 {
				break
			}
			c.left--
			c.rest = c.line
		}
		m := copy(data[n:], c.rest)
		c.rest = c.rest[m:]
		n += m
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// peakMB runs a program and watches how much memory it takes at most. What
// wait4 tells of it would not do: a child starts with the peak of its parent.
func peakMB(cmd *exec.Cmd) (peak float64, err error) {
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		peak = max(peak, highWater(cmd.Process.Pid))
		select {
		case err := <-ended:
			return peak, err
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// highWater is the most that a process has had in memory, in MB; 0 when it
// has ended.
func highWater(pid int) (mb float64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, text, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(text, &mb); err != nil {
		return 0
	}
	return mb / 1000
}
