//go:build unix

package e2e

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jetpack.internal/e2e/rabbitmq"
)

// meddler stands between a node and its broker, and passes so many of the
// broker's frames of each connection: start, tune, open-ok, channel.open-ok,
// confirm.select-ok, and the confirmation.
type meddler struct {
	listener net.Listener
	to       string
	passes   int
	cuts     bool         // afterwards it hangs up and goes away, instead of falling silent
	silent   atomic.Bool  // passes nothing more of any connection
	came     atomic.Int32 // connections of the node
	left     atomic.Int32 // connections that the node has closed
}

const allFrames = 1 << 30

func meddle(t *testing.T, m *meddler) *meddler {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	m.listener = l
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			m.came.Add(1)
			go m.serve(conn)
		}
	}()
	return m
}

func (m *meddler) url() string { return "amqp://guest:guest@" + m.listener.Addr().String() }

func (m *meddler) serve(node net.Conn) {
	defer node.Close()
	broker, err := net.Dial("tcp4", m.to)
	if err != nil {
		return
	}
	defer broker.Close()
	go m.answer(node, broker)
	data := make([]byte, 4096)
	for {
		n, err := node.Read(data)
		if err != nil {
			m.left.Add(1)
			return
		}
		if !m.silent.Load() {
			if _, err := broker.Write(data[:n]); err != nil {
				return
			}
		}
	}
}

func (m *meddler) answer(node, broker net.Conn) {
	in := bufio.NewReader(broker)
	for range m.passes {
		head, err := in.Peek(7)
		if err != nil {
			return
		}
		frame := make([]byte, 8+binary.BigEndian.Uint32(head[3:]))
		if _, err := io.ReadFull(in, frame); err != nil || m.silent.Load() {
			return
		}
		if _, err := node.Write(frame); err != nil {
			return
		}
	}
	if m.cuts {
		_, _ = in.Peek(1) // the answer is there and does not come through
		m.listener.Close()
		node.Close()
	}
}

// stalls: a broker that falls silent, or goes away, at any step of the way
// costs the time-out at most, is no refusal, and costs no message.
func stalls(t *testing.T, b *rabbitmq.Broker, bin string) {
	for passes := range 6 {
		for _, cuts := range []bool{false, true} {
			t.Run(fmt.Sprint("after ", passes, " frames, cuts: ", cuts), func(t *testing.T) {
				t.Parallel()
				try := func(args ...string) ran {
					m := meddle(t, &meddler{to: b.Address(), passes: passes, cuts: cuts})
					s := newStation(t, b, bin, connectTo(m.url()))
					r := s.run(t, "", append([]string{"jetpack-send", "--timeout=1s", "-k", "away.z", "x"}, args...)...)
					if r.took > 5*time.Second {
						t.Errorf("took %v", r.took)
					}
					if kept := len(args) == 0; kept != (s.pending(t) == 1) {
						t.Errorf("%q: %d pending", args, s.pending(t))
					}
					return r
				}
				r := try("--strict")
				words := "cannot reach broker"
				switch {
				case passes == 5 && cuts:
					words = "lost the connection to broker"
				case passes == 5:
					words = "no confirmation from broker"
				case cuts:
					words = "cannot " // reach, or connect to: it depends on where the end is seen
				}
				if r.status != 75 || !strings.Contains(r.stderr, words) || strings.Contains(r.stderr, "refuses") {
					t.Errorf("status %d, stderr %q; want 75 and %q", r.status, r.stderr, words)
				}
				if !cuts && !strings.Contains(r.stderr, "in time") {
					t.Errorf("stderr %q does not tell of the time", r.stderr)
				}
				if r := try(); r.status != 0 || r.stderr != "" {
					t.Errorf("status %d, stderr %q", r.status, r.stderr)
				}
			})
		}
	}
}

// heartbeats: a stream whose source is slow keeps its connection by
// heartbeats, and notices by them that the broker is gone.
func heartbeats(t *testing.T, b *rabbitmq.Broker, bin string, c *consumer) {
	m := meddle(t, &meddler{to: b.Address(), passes: allFrames})
	s := newStation(t, b, bin, connectTo(m.url()+"?heartbeat=1"))
	cmd := s.command(t.Context(), "jetpack-send", "-k", "away.slow", "--lines")
	source, sink := io.Pipe()
	cmd.Stdin = source
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := func(text string) {
		t.Helper()
		fmt.Fprintln(sink, text)
		eventually(t, func() bool {
			d, found, err := c.channel.Get("away", true)
			return err == nil && found && string(d.Body) == text
		})
	}
	line("one")
	time.Sleep(4 * time.Second) // a broker drops a node that it does not hear for two heartbeats
	line("two")
	if n := m.came.Load(); n != 1 {
		t.Errorf("%d connections for an idle stream", n)
	}
	m.silent.Store(true)
	eventually(t, func() bool { return m.left.Load() == 1 })
	m.silent.Store(false)
	line("three")
	sink.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func eventually(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came to that")
		}
	}
}
