package courier

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/message"
)

// server takes messages as CycleCloud does, and answers as it is told.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string // of the messages taken
	posts  int
	answer func(post int, messages []message.Envelope, w http.ResponseWriter) bool // true: it has answered
}

func startServer(t *testing.T) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewTLSServer(s)
	s.Config.ErrorLog = nil
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts++
	user, password, _ := r.BasicAuth()
	if r.URL.Path != messagesPath || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if user != "node" || password != "s3cret" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var body struct{ Messages []message.Envelope }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if s.answer != nil && s.answer(s.posts, body.Messages, w) {
		return
	}
	for _, e := range body.Messages {
		s.bodies = append(s.bodies, string(e.Data))
	}
	w.WriteHeader(http.StatusAccepted)
}

// courier is one for this server.
func (s *server) courier(t *testing.T, change func(*Connection)) *HTTPS {
	t.Helper()
	dir := t.TempDir()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), ca, 0o600); err != nil {
		t.Fatal(err)
	}
	c := Connection{URL: s.URL + "/", Username: "node", Password: "s3cret", CAFile: "ca.pem"}
	if change != nil {
		change(&c)
	}
	made, err := New(c, Options{Config: dir, Timeout: 5 * time.Second, Identity: func() message.Identity { return message.Identity{Cluster: "c"} }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { made.Close() })
	h := made.(*HTTPS)
	h.pause = time.Millisecond
	return h
}

func report(t *testing.T, data any) message.Message {
	t.Helper()
	e, err := message.New(message.Identity{}, "log", data, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Message()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// carry carries a message with each number and gives those refused.
func carry(t *testing.T, c Courier, n int) (settled int, refusals []string, err error) {
	t.Helper()
	in := make(chan message.Message, n)
	for i := range n {
		in <- report(t, i)
	}
	close(in)
	err = c.Carry(t.Context(), in, func(_ message.Message, no error) error {
		if no != nil {
			refusals = append(refusals, fmt.Sprint(settled))
		}
		settled++
		return nil
	})
	return settled, refusals, err
}

func TestHTTPSBatches(t *testing.T) {
	s := startServer(t)
	settled, refusals, err := carry(t, s.courier(t, nil), 1200)
	if err != nil || settled != 1200 || refusals != nil {
		t.Fatalf("%d settled, %v, %v", settled, refusals, err)
	}
	if s.posts != 3 || len(s.bodies) != 1200 || s.bodies[0] != "0" || s.bodies[1199] != "1199" {
		t.Errorf("%d posts, %d messages", s.posts, len(s.bodies))
	}
}

func TestHTTPSRaw(t *testing.T) {
	s := startServer(t)
	if err := One(t.Context(), s.courier(t, nil), message.Message{ID: "1", Key: "a.b", Body: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s.bodies, []string{`{"routing_key":"a.b","body":"x"}`}) {
		t.Errorf("%q", s.bodies)
	}
}

func TestHTTPSTriesAgain(t *testing.T) {
	for _, code := range []int{429, 503, 500} {
		s := startServer(t)
		s.answer = func(post int, _ []message.Envelope, w http.ResponseWriter) bool {
			if post == 1 {
				w.Header().Set("Retry-After", "0")
			}
			if post < 4 {
				w.WriteHeader(code)
			}
			return post < 4
		}
		if settled, _, err := carry(t, s.courier(t, nil), 1); err != nil || settled != 1 || s.posts != 4 {
			t.Errorf("%d: %d settled in %d posts, %v", code, settled, s.posts, err)
		}
	}
}

func TestHTTPSGivesUp(t *testing.T) {
	s := startServer(t)
	s.answer = func(_ int, _ []message.Envelope, w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	if _, _, err := carry(t, s.courier(t, nil), 1); exit.Status(err) != exit.Temporary || s.posts != 5 {
		t.Errorf("%d posts, %v", s.posts, err)
	}
	s.answer = func(_ int, _ []message.Envelope, w http.ResponseWriter) bool {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	start := time.Now()
	if _, _, err := carry(t, s.courier(t, nil), 1); exit.Status(err) != exit.Temporary || time.Since(start) > 4*time.Second {
		t.Errorf("waited %v beyond its bound: %v", time.Since(start), err)
	}
}

// One message that the server does not take costs no other.
func TestHTTPSFindsTheCulprit(t *testing.T) {
	for _, code := range []int{413, 400} {
		s := startServer(t)
		s.answer = func(_ int, messages []message.Envelope, w http.ResponseWriter) bool {
			for _, e := range messages {
				if string(e.Data) == "3" {
					w.WriteHeader(code)
					return true
				}
			}
			return false
		}
		settled, refusals, err := carry(t, s.courier(t, nil), 8)
		if err != nil || settled != 8 || !reflect.DeepEqual(refusals, []string{"3"}) {
			t.Errorf("%d: %d settled, refused %v, %v", code, settled, refusals, err)
		}
		if got := strings.Join(s.bodies, ""); got != "0124567" {
			t.Errorf("%d: took %s", code, got)
		}
	}
}

func TestHTTPSRefusals(t *testing.T) {
	s := startServer(t)
	redirect := httptest.NewTLSServer(http.RedirectHandler("https://elsewhere.example/", http.StatusFound))
	defer redirect.Close()
	polite := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer polite.Close()
	for words, c := range map[string]*HTTPS{
		"refuses the user name or the password": s.courier(t, func(c *Connection) { c.Password = "wrong" }),
		"signed by an unknown authority":        s.courier(t, func(c *Connection) { c.CAFile = "" }),
		"does not take messages (405)":          s.courier(t, func(c *Connection) { c.URL += "/elsewhere" }),
		"sends us on to another address":        s.courier(t, func(c *Connection) { c.URL = redirect.URL }),
		"does not take messages (200)":          s.courier(t, func(c *Connection) { c.URL = polite.URL }),
	} {
		settled, _, err := carry(t, c, 1)
		if settled != 0 || exit.Status(err) != exit.Usage || !strings.Contains(fmt.Sprint(err), words) {
			t.Errorf("error %v; want %q", err, words)
		}
		if strings.Contains(fmt.Sprint(err), "s3cret") {
			t.Errorf("tells the password: %v", err)
		}
	}
}

// Whatever goes wrong with the connection, a message is settled once, by 202.
func TestHTTPSConnectionReset(t *testing.T) {
	s := startServer(t)
	s.answer = func(post int, _ []message.Envelope, w http.ResponseWriter) bool {
		if post > 2 {
			return false
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			if post == 2 {
				io.WriteString(conn, "HTTP/1.1 20")
			}
			conn.Close()
		}
		return true
	}
	if settled, _, err := carry(t, s.courier(t, nil), 3); err != nil || settled != 3 || len(s.bodies) != 3 {
		t.Errorf("%d settled, %d taken, %v", settled, len(s.bodies), err)
	}
}

func TestHTTPSSlowAnswerIsBounded(t *testing.T) {
	s := startServer(t)
	release := make(chan struct{})
	s.answer = func(_ int, _ []message.Envelope, w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusAccepted)
		http.NewResponseController(w).Flush()
		<-release
		return true
	}
	h := s.courier(t, nil)
	h.timeout = 200 * time.Millisecond
	start := time.Now()
	_, _, err := carry(t, h, 1)
	close(release)
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v, %v", took, err)
	}
}

func TestHTTPSContextEnds(t *testing.T) {
	s := startServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := One(ctx, s.courier(t, nil), report(t, 1)); exit.Status(err) != exit.Temporary {
		t.Errorf("error %v", err)
	}
}

func TestHTTPSCheck(t *testing.T) {
	s := startServer(t)
	if found, err := s.courier(t, nil).Check(t.Context(), nil, nil); err != nil || len(found) != 2 {
		t.Errorf("%q, %v", found, err)
	}
	if len(s.bodies) != 0 {
		t.Error("a check has sent something")
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-1": 0, "x": 0, "99999999999": 0,
		"Thu, 01 Jan 2026 00:01:00 GMT": time.Minute, "Thu, 01 Jan 2025 00:01:00 GMT": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
