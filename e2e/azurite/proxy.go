package azurite

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Proxy stands between a client and the server, and spoils replies.
type Proxy struct {
	Endpoint string
	server   *Server
	mu       sync.Mutex
	requests []*http.Request
	fault    func(n int, r *http.Request) Fault
}

// Fault is what becomes of one reply. The zero value leaves it alone.
type Fault struct {
	Cut        bool                                         // end the connection after so many bytes
	After      int                                          // of the whole reply, header and all
	Reset      bool                                         // with a reset instead of an orderly end
	Status     int                                          // reply this instead, without asking the server
	RetryAfter string                                       // a header of that reply
	Edit       func(header http.Header, body []byte) []byte // change it
	NoRange    bool                                         // hide the request's Range from the server
	Before     func()                                       // run before the server is asked
}

// IsDownload tells the requests for a blob's content.
func IsDownload(r *http.Request) bool { return !r.URL.Query().Has("comp") }

// NewProxy starts a proxy in front of the server. The fault is asked for each
// request; n counts the downloads, or the listings, from 0.
func (s *Server) NewProxy(t testing.TB, fault func(n int, r *http.Request) Fault) *Proxy {
	p := &Proxy{server: s, fault: fault}
	front := httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(front.Close)
	p.Endpoint = front.URL + "/" + Account
	return p
}

// Requests are those that came so far.
func (p *Proxy) Requests() []*http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]*http.Request{}, p.requests...)
}

// next counts the request among those of its kind.
func (p *Proxy) next(r *http.Request) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, former := range p.requests {
		if IsDownload(former) == IsDownload(r) {
			n++
		}
	}
	p.requests = append(p.requests, r)
	return n
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	fault := p.fault(p.next(r), r)
	if fault.Before != nil {
		fault.Before()
	}
	if fault.Status != 0 {
		if fault.RetryAfter != "" {
			w.Header().Set("Retry-After", fault.RetryAfter)
		}
		w.WriteHeader(fault.Status)
		return
	}
	reply, err := p.forward(r, fault)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer reply.Body.Close()
	if fault.Edit == nil && !fault.Cut {
		for name, values := range reply.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(reply.StatusCode)
		io.Copy(w, reply.Body)
		return
	}
	p.spoil(w, reply, fault)
}

func (p *Proxy) forward(r *http.Request, fault Fault) (*http.Response, error) {
	base, err := url.Parse(p.server.Endpoint)
	if err != nil {
		return nil, err
	}
	forwarded := r.Clone(r.Context())
	forwarded.RequestURI = ""
	forwarded.URL.Scheme, forwarded.URL.Host, forwarded.Host = base.Scheme, base.Host, base.Host
	if fault.NoRange {
		forwarded.Header.Del("Range")
		forwarded.Header.Del("x-ms-range")
	}
	return p.server.client.Transport.RoundTrip(forwarded)
}

// spoil writes the reply by hand.
func (p *Proxy) spoil(w http.ResponseWriter, reply *http.Response, fault Fault) {
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		return
	}
	header := reply.Header.Clone()
	header.Set("Content-Length", fmt.Sprint(len(body)))
	header.Del("Transfer-Encoding")
	header.Set("Connection", "close")
	if fault.Edit != nil {
		length := header.Get("Content-Length")
		body = fault.Edit(header, body)
		if header.Get("Content-Length") == length {
			header.Set("Content-Length", fmt.Sprint(len(body)))
		}
	}
	var raw bytes.Buffer
	fmt.Fprintf(&raw, "HTTP/1.1 %s\r\n", reply.Status)
	header.Write(&raw)
	raw.WriteString("\r\n")
	raw.Write(body)
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	text := raw.Bytes()
	if fault.Cut && fault.After < len(text) {
		text = text[:fault.After]
	}
	conn.Write(text)
	if tcp, ok := conn.(*net.TCPConn); ok && fault.Reset {
		tcp.SetLinger(0)
	}
}

// Length is how long the reply to a download would be, header and all.
func (p *Proxy) Length(t testing.TB, container, name string) int {
	t.Helper()
	request, err := http.NewRequest("GET", p.server.Endpoint+"/"+container+"/"+name+"?"+ReadSAS(), nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := p.server.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v %s", reply.Status, err, strings.TrimSpace(string(body)))
	}
	var header bytes.Buffer
	reply.Header.Write(&header)
	return len("HTTP/1.1 200 OK\r\n\r\n") + header.Len() + len("Connection: close\r\n") + len(body)
}
