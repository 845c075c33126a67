//go:build unix

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"jetpack.internal/e2e/rabbitmq"
)

// patient is a node whose health is judged, under a real broker.
type patient struct {
	*station
	service *exec.Cmd
	log     transcript
}

// message is what the server gets.
type message struct {
	Type string
	Data struct {
		Verdict, Decision, Level, Message, Reason string
		Evidence                                  bool
	}
	key string
}

func admit(t *testing.T, b *rabbitmq.Broker, bin string) *patient {
	t.Helper()
	p := &patient{station: newStation(t, b, bin, connectTo(b.URL()))}
	if err := os.MkdirAll(filepath.Join(p.home, "config", "healthcheck.d"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// check drops a script into healthcheck.d.
func (p *patient) check(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.home, "config", "healthcheck.d", name), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// serve starts the service with a round a second.
func (p *patient) serve(t *testing.T) {
	t.Helper()
	p.service = p.command(t.Context(), "healthcheckd", "run", "-v")
	p.service.Env = append(p.service.Env, "INTERVAL=0.0167")
	p.service.Stderr = &p.log
	if err := p.service.Start(); err != nil {
		t.Fatal(err)
	}
}

func (p *patient) stop(t *testing.T) {
	t.Helper()
	began := time.Now()
	p.service.Process.Signal(syscall.SIGTERM)
	err := p.service.Wait()
	p.service = nil
	if took := time.Since(began); err != nil || took > 3*time.Second {
		t.Errorf("stopped after %s: %v\n%s", took, err, &p.log)
	}
}

// kill is the end of the machine.
func (p *patient) kill() {
	if p.service != nil {
		p.service.Process.Kill()
		p.service.Wait()
		p.service = nil
	}
}

// rounds waits for so many further rounds.
func (p *patient) rounds(t *testing.T, n int) {
	t.Helper()
	last := p.round() + n
	for end := time.Now().Add(2 * time.Minute); p.round() < last; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("round %d did not come", last)
		}
	}
}

func (p *patient) round() int {
	text, _ := os.ReadFile(filepath.Join(p.home, "run", "health.json"))
	var state struct{ Round struct{ Number int } }
	_ = json.Unmarshal(text, &state)
	return state.Round.Number
}

// inbox takes what has arrived off a queue.
func (c *consumer) inbox(t *testing.T, queue string) (all []message) {
	t.Helper()
	for {
		d, found, err := c.channel.Get(queue, true)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			return all
		}
		m := message{key: d.RoutingKey}
		if err := json.Unmarshal(d.Body, &m); err != nil {
			t.Fatalf("%s: %v", d.Body, err)
		}
		if m.Type == "shutdown" && d.Expiration == "" {
			t.Error("a request to terminate does not expire")
		}
		all = append(all, m)
	}
}

func kinds(all []message) string {
	var words []string
	for _, m := range all {
		word := m.Type
		if m.Data.Evidence {
			word = "evidence"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// The whole story: 254, a keepalive between, evidence, the request, and the
// server ends the node.
func TestUnhealthyNodeIsTerminated(t *testing.T) {
	t.Parallel()
	b := startBroker(t)
	server := consume(t, b)
	server.queue(t, "server", "#", nil)
	p := admit(t, b, buildPrograms(t, "healthcheckd", "jetpack-keepalive"))
	p.check(t, "gpu.sh", "echo no GPU; exit 254")
	p.ok(t, "", "jetpack-keepalive", "1h", "--reason", "looking into it")
	p.serve(t)
	p.rounds(t, 3)
	held := server.inbox(t, "server")
	if strings.Contains(kinds(held), "shutdown") || strings.Contains(kinds(held), "evidence") || len(held) == 0 ||
		held[len(held)-1].Data.Decision != "withheld" {
		t.Errorf("while the keepalive holds: %+v", held)
	}

	p.ok(t, "", "jetpack-keepalive", "--off")
	var story []message
	for end := time.Now().Add(time.Minute); !strings.Contains(kinds(story), "shutdown"); time.Sleep(20 * time.Millisecond) {
		if story = append(story, server.inbox(t, "server")...); time.Now().After(end) {
			t.Fatalf("no request: %+v\n%s", story, &p.log)
		}
	}
	p.kill() // the server has terminated the machine
	if got := kinds(story[:3]); got != "evidence log shutdown" {
		t.Errorf("the story: %s", got)
	}
	if m := story[1]; m.Data.Level != "error" || !strings.Contains(m.Data.Message, "no GPU") {
		t.Errorf("the log: %+v", m)
	}
	if m := story[2]; m.key != "shutdown.lab_1.execute-7" || m.Data.Reason != "unhealthy" {
		t.Errorf("the request: %+v", m)
	}
}

// With the broker away an unhealthy node lives on; when it has recovered by
// the time the broker is back, nothing ever asks for its end.
func TestNoStaleRequest(t *testing.T) {
	t.Parallel()
	b := startBroker(t)
	server := consume(t, b)
	server.queue(t, "server", "#", nil)
	p := admit(t, b, buildPrograms(t, "healthcheckd", "jetpack-log", "jetpack-send"))
	sick := filepath.Join(p.home, "sick")
	p.check(t, "gpu.sh", fmt.Sprintf("[ -e %q ] && exit 254; exit 0", sick))
	p.serve(t)
	p.rounds(t, 2)
	b.Down()
	if err := os.WriteFile(sick, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	p.rounds(t, 3)
	if strings.Contains(p.log.String(), "asked the server") {
		t.Errorf("asked a server that is away:\n%s", &p.log)
	}
	if err := os.Remove(sick); err != nil {
		t.Fatal(err)
	}
	p.rounds(t, 2)
	if err := b.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	server = consume(t, b)
	p.rounds(t, 2)
	p.stop(t)
	p.ok(t, "", "jetpack-send", "--flush")
	all := server.inbox(t, "server")
	if strings.Contains(kinds(all), "shutdown") || !strings.Contains(kinds(all), "evidence") {
		t.Errorf("the server got: %s", kinds(all))
	}
	if last := all[len(all)-1]; last.Type != "health" || last.Data.Verdict != "healthy" {
		t.Errorf("the last message: %+v\n%s", last, &p.log)
	}
}

// The same outage, and the node stays sick: once the broker has the evidence,
// the request follows.
func TestRequestAfterTheOutage(t *testing.T) {
	t.Parallel()
	b := startBroker(t)
	server := consume(t, b)
	server.queue(t, "server", "#", nil)
	p := admit(t, b, buildPrograms(t, "healthcheckd"))
	b.Down()
	p.check(t, "gpu.sh", "exit 254")
	p.serve(t)
	p.rounds(t, 2)
	if err := b.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	server = consume(t, b)
	var story []message
	for end := time.Now().Add(2 * time.Minute); !strings.Contains(kinds(story), "shutdown"); time.Sleep(50 * time.Millisecond) {
		if story = append(story, server.inbox(t, "server")...); time.Now().After(end) {
			t.Fatalf("no request: %s\n%s", kinds(story), &p.log)
		}
	}
	p.stop(t)
	if got := kinds(story); strings.Index(got, "evidence") > strings.Index(got, "shutdown") || strings.Count(got, "evidence") != 1 {
		t.Errorf("the story: %s", got)
	}
}
