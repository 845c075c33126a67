//go:build unix

package e2e

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"jetpack.internal/e2e/rabbitmq"
)

// TestBrokerTLS: right certificates deliver; each wrong one has its sentence.
func TestBrokerTLS(t *testing.T) {
	good, other := newAuthority(t, t.TempDir()), newAuthority(t, t.TempDir())
	good.issue(t, "broker", "localhost", time.Hour)
	good.issue(t, "node", "node", time.Hour)
	other.issue(t, "node", "node", time.Hour)
	port := freePort(t)
	b := startBroker(t,
		fmt.Sprintf("listeners.ssl.local = 127.0.0.1:%d", port),
		"ssl_options.cacertfile = "+good.path("ca.pem"), "ssl_options.certfile = "+good.path("broker.pem"), "ssl_options.keyfile = "+good.path("broker.key"),
		"ssl_options.verify = verify_peer", "ssl_options.fail_if_no_peer_cert = true", "ssl_cert_login_from = common_name",
		"auth_mechanisms.1 = PLAIN", "auth_mechanisms.2 = EXTERNAL")
	bin := buildPrograms(t, "jetpack-send")
	c := consume(t, b)
	c.queue(t, "tls", "tls", nil)
	node := func(host string, ca, client *authority) *station {
		connection := fmt.Sprintf(`{"broker": {"url": "amqps://guest:guest@%s:%d", "ca_file": %q`, host, port, ca.path("ca.pem"))
		if client != nil {
			connection += fmt.Sprintf(`, "cert_file": %q, "key_file": %q`, client.path("node.pem"), client.path("node.key"))
		}
		return newStation(t, b, bin, connection+"}}")
	}
	node("localhost", good, good).ok(t, "", "jetpack-send", "-k", "tls", "x")
	if got := c.all(t, "tls"); !reflect.DeepEqual(got, []string{"x"}) {
		t.Errorf("got %q", got)
	}
	send := []string{"jetpack-send", "-k", "tls", "x"}
	node("localhost", other, good).refused(t, 2, "signed by an unknown authority", send...)
	node("127.0.0.1", good, good).refused(t, 2, `certificate is for another name, not for "127.0.0.1"`, send...)
	for _, client := range []*authority{nil, other} {
		unwelcome(t, node("localhost", good, client), send...)
	}
	expired(t, b, bin, good)
	byCertificate(t, b, bin, good, port)
}

// byCertificate: without a user in the URL the node logs in by its certificate;
// its files lie beside the connection file.
func byCertificate(t *testing.T, b *rabbitmq.Broker, bin string, a *authority, port int) {
	for _, args := range [][]string{{"add_vhost", "nodes"}, {"add_user", "node", "not this"}, {"set_permissions", "-p", "nodes", "node", "", ".*", ".*"}} {
		if _, err := b.Control(t.Context(), args...); err != nil {
			t.Fatal(err)
		}
	}
	s := newStation(t, b, bin, fmt.Sprintf(`{"broker": {"url": "amqps://localhost:%d/nodes", "exchange": "amq.topic", "ca_file": "ca.pem", "cert_file": "node.pem", "key_file": "node.key"}}`, port))
	for _, name := range []string{"ca.pem", "node.pem", "node.key"} {
		text, err := os.ReadFile(a.path(name))
		if err != nil {
			t.Fatal(err)
		}
		s.write(t, "config/"+name, string(text))
	}
	if r := s.ok(t, "", "jetpack-send", "--check"); !strings.Contains(r.stdout, `logged in by certificate, virtual host "nodes"`) {
		t.Errorf("says %q", r.stdout)
	}
	s.refused(t, 1, "unroutable", "jetpack-send", "-k", "nobody.listens", "x")
}

// unwelcome: in TLS 1.3 the broker judges our certificate when the handshake is
// over for us, and closes while we write. Its reason is heard all the same,
// every time.
func unwelcome(t *testing.T, s *station, send ...string) {
	t.Helper()
	for range 10 {
		s.refused(t, 2, "does not accept our client certificate", send...)
	}
	if n := s.pending(t); n != 0 {
		t.Errorf("%d messages pending", n)
	}
}

func expired(t *testing.T, b *rabbitmq.Broker, bin string, a *authority) {
	a.issue(t, "old", "localhost", -time.Hour)
	pair, err := tls.LoadX509KeyPair(a.path("old.pem"), a.path("old.key"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp4", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.(*tls.Conn).Handshake() // the other side breaks it off
			conn.Close()
		}
	}()
	s := newStation(t, b, bin, fmt.Sprintf(`{"broker": {"url": "amqps://localhost:%d", "ca_file": %q}}`, l.Addr().(*net.TCPAddr).Port, a.path("ca.pem")))
	s.refused(t, 2, "certificate has expired or is not valid yet: current time ", "jetpack-send", "-k", "tls", "x")
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
