//go:build linux

package e2e

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jetpack.internal/e2e/rabbitmq"
)

// The names and the password that the pages use.
const (
	brokerName    = "rabbitmq.example.org"
	serverName    = "cycle.example.org"
	nodesPassword = "s3cret-of-the-nodes"
)

// withServers gives the machine a real RabbitMQ and a server that keeps the
// contract of HTTPS, under the names and ports that the pages use, on a
// loopback address of their own.
func withServers(t *testing.T, seed string) (shared []string) {
	address := fmt.Sprintf("127.%d.%d.%d", 1+rand.IntN(254), rand.IntN(256), 1+rand.IntN(254))
	trust := newAuthority(t, t.TempDir())
	trust.issue(t, "broker", brokerName, time.Hour)
	trust.issue(t, "server", serverName, time.Hour)
	config := filepath.Join(seed, "opt", "cycle", "jetpack", "config")
	writeText(t, filepath.Join(config, "ca.pem"), readText(t, trust.path("ca.pem")))
	writeText(t, filepath.Join(seed, "etc", "hosts"), fmt.Sprintf("127.0.0.1 localhost\n%s %s %s\n", address, brokerName, serverName))

	b := startBroker(t,
		"listeners.tcp.pages = "+address+":5672", "listeners.ssl.pages = "+address+":5671",
		"ssl_options.cacertfile = "+trust.path("ca.pem"), "ssl_options.certfile = "+trust.path("broker.pem"), "ssl_options.keyfile = "+trust.path("broker.key"))
	writeProgram(t, filepath.Join(seed, "opt", "broker", "rabbitmqctl"), b)
	serveNodes(t, address, trust)
	return []string{b.Dir}
}

// writeProgram writes a rabbitmqctl that knows where the broker is, as the one
// on a broker's machine does.
func writeProgram(t *testing.T, path string, b *rabbitmq.Broker) {
	t.Helper()
	program, environment := b.ControlProgram()
	script := "#!/bin/sh\nexec env -i"
	for _, word := range append(environment, program...) {
		script += " '" + word + "'"
	}
	writeText(t, path, script+` "$@"`+"\n")
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
}

// serveNodes is a server by the contract of docs/protocol.md: it takes
// messages that the schema takes, and gives a configuration.
func serveNodes(t *testing.T, address string, trust *authority) {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(trust.path("server.pem"), trust.path("server.key"))
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp4", address+":8443")
	if err != nil {
		t.Fatal(err)
	}
	envelope := compileSchema(t)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		switch {
		case name != "node" || password != nodesPassword:
			w.WriteHeader(http.StatusUnauthorized)
		case r.Method == http.MethodPost && r.URL.Path == "/clusterlink/messages":
			w.WriteHeader(take(r, envelope))
		case r.Method == http.MethodHead && r.URL.Path == "/clusterlink/messages":
			w.WriteHeader(http.StatusMethodNotAllowed)
		case r.Method == http.MethodGet && r.URL.Path == "/nodes/execute-1.json" && r.Header.Get("Accept") == "application/json":
			w.Header().Set("ETag", `"1"`)
			io.WriteString(w, `{"cyclecloud": {"from": "the server", "cluster": {"name": "demo"}, "node": {"name": "execute-1"},
				"cluster_init_specs": [{"project": "demo", "version": "1.0.0", "spec": "default"}]}}`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})}
	go server.Serve(tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}}))
	t.Cleanup(func() { server.Close() })
}

// take is the status for a post of messages.
func take(r *http.Request, envelope *schema) int {
	var body struct{ Messages []json.RawMessage }
	text, err := io.ReadAll(r.Body)
	if err != nil || json.NewDecoder(bytes.NewReader(text)).Decode(&body) != nil || len(body.Messages) == 0 ||
		!strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return http.StatusBadRequest
	}
	for _, message := range body.Messages {
		if envelope.check(message) != nil {
			return http.StatusUnprocessableEntity
		}
	}
	return http.StatusAccepted
}
