//go:build unix

package e2e

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// tunnel is a proxy that leads every name to one server, or answers with a
// status other than 200.
type tunnel struct {
	*httptest.Server
	to     string
	status int
	asked  atomic.Value // the last name
}

func startTunnel(t *testing.T, to string, status int) *tunnel {
	t.Helper()
	p := &tunnel{to: to, status: status}
	p.asked.Store("")
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *tunnel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.asked.Store(r.Method + " " + r.Host)
	w.WriteHeader(p.status)
	if p.status != http.StatusOK {
		return
	}
	node, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer node.Close()
	server, err := net.Dial("tcp4", p.to)
	if err != nil {
		return
	}
	defer server.Close()
	go func() { _, _ = io.Copy(server, node) }()
	_, _ = io.Copy(node, server)
}

// TestDeliveryProxy: messages over HTTPS go through the proxy that the
// environment names, but not to the machine itself nor where NO_PROXY says.
func TestDeliveryProxy(t *testing.T) {
	bin := buildPrograms(t, "jetpack-log", "jetpack-send")
	a := newAuthority(t, t.TempDir())
	var taken atomic.Int32
	server := func(name string) string {
		a.issue(t, name, name, time.Hour)
		pair, err := tls.LoadX509KeyPair(a.path(name+".pem"), a.path(name+".key"))
		if err != nil {
			t.Fatal(err)
		}
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			taken.Add(1)
			w.WriteHeader(http.StatusAccepted)
		}))
		s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
		s.StartTLS()
		t.Cleanup(s.Close)
		return s.Listener.Addr().String()
	}
	far, near, any := server("server.example"), server("127.0.0.1"), server("0.0.0.0")
	_, port, _ := net.SplitHostPort(any)
	closed := httptest.NewServer(nil)
	closed.Close()
	const other = "https://server.example"
	for name, c := range map[string]struct {
		url, proxy, noProxy string
		status              int
		words, asked        string
	}{
		"through":   {url: other, proxy: "", asked: "CONNECT server.example:443"},
		"loopback":  {url: "https://" + near, proxy: closed.URL},
		"NO_PROXY":  {url: "https://0.0.0.0:" + port, proxy: closed.URL, noProxy: "0.0.0.0"},
		"proxied":   {url: "https://0.0.0.0:" + port, proxy: closed.URL, status: 75, words: "cannot reach the proxy to server 0.0.0.0:" + port + ": connection refused"},
		"password":  {url: other, proxy: strings.Replace(closed.URL, "//", "//u:s3cret@", 1), status: 75, words: "cannot reach the proxy"},
		"forbidden": {url: other, proxy: startTunnel(t, "", http.StatusForbidden).URL, status: 2, words: "cannot reach server server.example: the proxy does not let us through (403)"},
		"log in":    {url: other, proxy: startTunnel(t, "", http.StatusProxyAuthRequired).URL, status: 2, words: "the proxy wants to be logged in to"},
		"no way":    {url: other, proxy: startTunnel(t, "", http.StatusBadGateway).URL, status: 75, words: "the proxy does not let us through (502)"},
	} {
		t.Run(name, func(t *testing.T) {
			through := startTunnel(t, far, http.StatusOK)
			if c.proxy == "" {
				c.proxy = through.URL
			}
			s := newStation(t, nil, bin, fmt.Sprintf(`{"url": %q, "username": "node", "password": "s3cret", "ca_file": %q}`, c.url, a.path("ca.pem")))
			s.env = []string{"HTTPS_PROXY=" + c.proxy, "NO_PROXY=" + c.noProxy}
			before := taken.Load()
			args := []string{"jetpack-log", "--strict", "--timeout=2s", "hello"}
			if c.status != 0 {
				s.refused(t, c.status, c.words, args...)
			} else if s.ok(t, "", args...); taken.Load() != before+1 {
				t.Error("the server has not got it")
			}
			if asked := through.asked.Load(); asked != c.asked {
				t.Errorf("the proxy was asked %q", asked)
			}
		})
	}
}
