package server

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
)

func testHome(t *testing.T, connection string) home.Home {
	t.Helper()
	h := home.Home{Dir: t.TempDir()}
	for _, folder := range []string{"config", "run"} {
		if err := os.Mkdir(filepath.Join(h.Dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(h.Connection(), []byte(connection), 0o600); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestFetch(t *testing.T) {
	content, status, asked := `{"a": 1}`, 200, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if user, password, _ := r.BasicAuth(); user != "node" || password != "secret" || r.URL.Path != "/tree" {
			t.Errorf("asked for %s as %q with %q", r.URL, user, password)
		}
		tag := `"` + content + `"`
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.WriteHeader(status)
		w.Write([]byte(content))
	}))
	defer server.Close()
	h := testHome(t, `{"url": "`+server.URL+`", "username": "node", "password": "secret", "configuration": "tree"}`)
	fetch := func(wantFresh bool, wantStatus int, wantFile string) {
		t.Helper()
		fresh, err := Fetch(t.Context(), h)
		if fresh != wantFresh || exit.Status(err) != wantStatus {
			t.Errorf("fresh %v, %v; want %v and status %d", fresh, err, wantFresh, wantStatus)
		}
		if text, _ := os.ReadFile(h.Configuration()); string(text) != wantFile {
			t.Errorf("the file is %q, want %q", text, wantFile)
		}
	}
	fetch(true, exit.OK, content)
	fetch(false, exit.OK, content)
	content = `{"a": 2}`
	fetch(true, exit.OK, content)
	if err := os.WriteFile(h.Configuration(), []byte("edited"), 0o640); err != nil {
		t.Fatal(err)
	}
	fetch(true, exit.OK, content)
	t.Setenv("JETPACK_PASSWORD", "secret")
	if err := os.WriteFile(h.Connection(), []byte(`{"url": "`+server.URL+`", "username": "node", "configuration": "tree"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	fetch(false, exit.OK, content)
	good := content
	for _, broken := range []string{`{"a":`, `[]`, ``} {
		content = broken
		fetch(false, exit.Temporary, good)
	}
	content, status = "{}", 500
	fetch(false, exit.Temporary, good)
	server.Close()
	fetch(false, exit.Temporary, good)
	if asked != 9 {
		t.Errorf("asked %d times", asked)
	}
}

func TestNowhere(t *testing.T) {
	for _, connection := range []string{`{}`, `{"url": "https://server"}`} {
		if fresh, err := Fetch(t.Context(), testHome(t, connection)); fresh || err != nil {
			t.Errorf("%s: %v, %v", connection, fresh, err)
		}
	}
	for _, connection := range []string{
		`{"url": "http://server", "configuration": "tree"}`,
		`{"configuration": "tree"}`,
		`{"configuration": "gopher://server/tree"}`,
	} {
		if _, err := Fetch(t.Context(), testHome(t, connection)); exit.Status(err) != exit.Usage {
			t.Errorf("%s: %v", connection, err)
		}
	}
}

// The server is known by the authority that the connection names, as it is
// for messages.
func TestAuthority(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{"a": 1}`)) }))
	defer server.Close()
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshake that fails
	h := testHome(t, `{"url": "`+server.URL+`", "ca_file": "ca.pem", "configuration": "tree"}`)
	authority := filepath.Join(h.Dir, "config", "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(authority, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if fresh, err := Fetch(t.Context(), h); !fresh || err != nil {
		t.Errorf("with its authority: %v, %v", fresh, err)
	}
	if err := os.WriteFile(h.Connection(), []byte(`{"url": "`+server.URL+`", "configuration": "tree"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if fresh, err := Fetch(t.Context(), h); fresh || err == nil {
		t.Errorf("without it: %v, %v", fresh, err)
	}
}

// TestRefused: whatever the server answers instead of a tree, the file stays.
func TestRefused(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("a password went elsewhere: %q", r.Header)
		w.Write([]byte(`{"stolen": true}`))
	}))
	defer elsewhere.Close()
	for name, answer := range map[string]http.HandlerFunc{
		"401":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) },
		"404":      func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) },
		"page":     func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("<html>log in first</html>")) },
		"redirect": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) },
		"circle":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/tree", http.StatusFound) },
		"half": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Write([]byte(`{"a": 1}`))
		},
		"latin":   func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("{\"a\": \"\xe4\"}")) },
		"nothing": func(http.ResponseWriter, *http.Request) {},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer)
			defer server.Close()
			h := testHome(t, `{"url": "`+server.URL+`", "username": "node", "password": "hunter2", "configuration": "tree"}`)
			if err := os.WriteFile(h.Configuration(), []byte("the old one"), 0o640); err != nil {
				t.Fatal(err)
			}
			fresh, err := Fetch(t.Context(), h)
			if fresh || exit.Status(err) != exit.Temporary || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("fresh %v, %v", fresh, err)
			}
			if text, _ := os.ReadFile(h.Configuration()); string(text) != "the old one" {
				t.Errorf("the file is %q", text)
			}
		})
	}
}

// TestSilentServer: one that takes the question and says nothing is given up.
func TestSilentServer(t *testing.T) {
	hold := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hold }))
	defer server.Close()
	defer close(hold)
	h := testHome(t, `{"url": "`+server.URL+`", "configuration": "tree"}`)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if fresh, err := Fetch(ctx, h); fresh || !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 10*time.Second {
		t.Errorf("fresh %v after %s: %v", fresh, time.Since(began), err)
	}
}
