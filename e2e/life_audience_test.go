//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"jetpack.internal/e2e/rabbitmq"
)

// heard is a message that has come to the server.
type heard struct {
	key, kind string
	data      struct {
		Status, Phase, Description, Detail, Recommendation string // installation
		Level, Message                                     string // log
		Verdict, Decision, Reason                          string // health, shutdown
		Evidence                                           bool
	}
	raw string
}

// String is a line about the message.
func (h heard) String() string {
	return strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s %s %q", h.key, h.data.Status, h.data.Phase, h.data.Verdict, h.data.Decision, h.data.Message+h.data.Description)), " ")
}

// audience hears all that comes to the server, with a client that is not ours.
type audience struct {
	t      *testing.T // of the whole life
	broker *rabbitmq.Broker
	*consumer
	mu  sync.Mutex
	all []heard
}

func hear(t *testing.T, b *rabbitmq.Broker) *audience {
	a := &audience{t: t, broker: b, consumer: consume(t, b)}
	a.queue(t, "server", "#", nil)
	return a
}

// again connects to a broker that was away.
func (a *audience) again() { a.consumer = consume(a.t, a.broker) }

// listen takes what has come since, and gives all that has ever come.
func (a *audience) listen(t *testing.T) []heard {
	t.Helper()
	for {
		d, found, err := a.channel.Get("server", true)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			break
		}
		h := heard{key: d.RoutingKey, raw: fmt.Sprint(d.Headers) + string(d.Body)}
		var envelope struct {
			Type string
			Data json.RawMessage
		}
		if json.Unmarshal(d.Body, &envelope) == nil {
			h.kind = envelope.Type
			_ = json.Unmarshal(envelope.Data, &h.data) // raw messages hold anything
		}
		a.mu.Lock()
		a.all = append(a.all, h)
		a.mu.Unlock()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]heard(nil), a.all...)
}

// await waits for a message that is wanted among those after the first so many,
// and gives its index.
func (a *audience) await(t *testing.T, after int, what string, wanted func(heard) bool) int {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		all := a.listen(t)
		for i := after; i < len(all); i++ {
			if wanted(all[i]) {
				return i
			}
		}
		if time.Now().After(end) {
			t.Fatalf("the server did not hear of %s within two minutes", what)
		}
	}
}

// hears is await that gives the message.
func (a *audience) hears(t *testing.T, after int, what string, wanted func(heard) bool) heard {
	t.Helper()
	at := a.await(t, after, what, wanted)
	return a.listen(t)[at]
}

// story is all that was heard, a line a message.
func (a *audience) story() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var lines []string
	for _, h := range a.all {
		lines = append(lines, h.String()+"\n")
	}
	return strings.Join(lines[max(0, len(lines)-40):], "")
}

// count is how many of the messages are wanted.
func count(all []heard, wanted func(heard) bool) (n int) {
	for _, h := range all {
		if wanted(h) {
			n++
		}
	}
	return n
}

// logged tells log messages of a text.
func logged(text string) func(heard) bool {
	return func(h heard) bool { return h.kind == "log" && h.data.Message == text }
}

// installation tells messages about a converge of a status.
func installation(status string) func(heard) bool {
	return func(h heard) bool { return h.kind == "installation" && h.data.Status == status }
}
