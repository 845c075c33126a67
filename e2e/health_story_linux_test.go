package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The whole story under a real broker: an unhealthy node is kept alive, over a
// reboot as well; it lives on while the broker is away; then the server gets the
// evidence and the request, and switches the node off.
func TestHealthStoryOfABootedNode(t *testing.T) {
	needsRoot(t, "boot a node")
	t.Parallel()
	n := bootNode(t, buildPrograms(t, "healthcheckd", "jetpack-keepalive"))
	b := startBroker(t)
	server := consume(t, b)
	server.queue(t, "server", "#", nil)
	n.write(t, "config/connection.json", connectTo(b.URL()), 0o640)
	n.write(t, "config/configuration.json", `{"cyclecloud": {"healthcheck": {"interval": 1}, "cluster": {"name": "lab"}, "node": {"name": "n7"}}}`, 0o640)
	n.write(t, "config/healthcheck.d/bad.sh", "[ -e /sick ] || exit 0; echo no GPU; exit 254", 0o755)
	n.Must(t, healthcheckd, "install")
	n.Must(t, healthcheckd, "start")
	n.Await(t, "the first round", func() bool { return n.active() && n.round() > 0 })

	const keepalive = "/opt/cycle/jetpack/bin/jetpack-keepalive"
	n.Must(t, keepalive, "1h", "--reason", "night shift")
	n.Write(t, "sick", "", 0o644)
	var held []message
	n.Await(t, "the report that termination is withheld", func() bool {
		held = append(held, server.inbox(t, "server")...)
		return len(held) > 0 && held[len(held)-1].Data.Decision == "withheld"
	})
	n.PowerOff(t)
	n.Boot(t)
	n.Await(t, "the verdict after the reboot", func() bool {
		text := n.Try(healthcheckd, "explain")
		return n.active() && strings.Contains(text, `"night shift"`) && strings.Contains(text, "but a keepalive holds until")
	})
	n.rounds(t, 2)
	if held = append(held, server.inbox(t, "server")...); strings.Contains(kinds(held), "shutdown") || strings.Contains(kinds(held), "evidence") {
		t.Errorf("while the keepalive held: %s", kinds(held))
	}

	b.Down()
	n.Must(t, keepalive, "--off")
	n.rounds(t, 3)
	if status := n.Try(healthcheckd, "status", "--json"); !strings.Contains(status, `"request": null`) || !strings.Contains(status, "away") {
		t.Errorf("while the broker was away: %s", status)
	}
	if err := b.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	server = consume(t, b)
	var story []message
	n.Await(t, "the request", func() bool {
		story = append(story, server.inbox(t, "server")...)
		return strings.Contains(kinds(story), "shutdown")
	})
	got := kinds(story)
	if strings.Count(got, "evidence") != 1 || strings.Index(got, "evidence") > strings.Index(got, "shutdown") || story[len(story)-1].key != "shutdown.lab.n7" {
		t.Errorf("the story: %s, %+v", got, story)
	}
	n.PowerOff(t) // which is what the server does
}

// round is the number of the last round.
func (n *bootedNode) round() int {
	text, _ := os.ReadFile(filepath.Join(n.Root, "opt/cycle/jetpack/run/health.json"))
	var state struct{ Round struct{ Number int } }
	_ = json.Unmarshal(text, &state)
	return state.Round.Number
}

// rounds waits for so many further rounds.
func (n *bootedNode) rounds(t *testing.T, count int) {
	t.Helper()
	last := n.round() + count
	n.Await(t, "further rounds", func() bool { return n.round() >= last })
}
