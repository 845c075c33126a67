//go:build unix && windows_e2e

package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// windowsBroker: a real broker gets a message over TLS, known by a certificate
// of its own; with the broker away the message waits, and is flushed.
func windowsBroker(t *testing.T, n windowsNode) {
	a, port := newAuthority(t, t.TempDir()), freePort(t)
	a.issue(t, "broker", "localhost", time.Hour)
	b := startBroker(t, fmt.Sprintf("listeners.ssl.local = 127.0.0.1:%d", port),
		"ssl_options.cacertfile = "+a.path("ca.pem"), "ssl_options.certfile = "+a.path("broker.pem"), "ssl_options.keyfile = "+a.path("broker.key"))
	c := consume(t, b)
	c.queue(t, "windows", "#", nil)
	n.Write(t, "cycle/jetpack/config/ca.pem", readText(t, a.path("ca.pem")))
	connection := "cycle/jetpack/config/connection.json"
	n.Write(t, connection, fmt.Sprintf(`{"broker": {"url": "amqps://guest:guest@localhost:%d", "ca_file": "ca.pem"}}`, port))
	n.ok(t, "jetpack-send", "-k", "windows", "one")
	b.Down()
	n.ok(t, "jetpack-log", "two", "--timeout", "5s")
	if err := b.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.ok(t, "jetpack-send", "--flush")
	c = consume(t, b)
	got := c.all(t, "windows")
	if len(got) != 2 || got[0] != "one" || !strings.Contains(got[1], `"message":"two"`) {
		t.Errorf("the broker got %q", got)
	}
	if err := os.Remove(n.Drive(connection)); err != nil {
		t.Fatal(err)
	}
}
