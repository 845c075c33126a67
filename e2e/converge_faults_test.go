//go:build unix

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jetpack.internal/e2e/azurite"
)

// testCut: the connection ends after each single byte of the content, orderly
// and by a reset. The next attempt gets the rest.
func testCut(t *testing.T, server *lab) {
	server.Make(t, "cut")
	want := map[string]string{"files/small": "the content of a small file\n"}
	fill(t, server, "cut", "one", want)
	probe := server.NewProxy(t, honest)
	length := probe.Length(t, "cut", "projects/demo/1.0.0/one/cluster-init/files/small")
	var group sync.WaitGroup
	slots := make(chan struct{}, 8)
	for after := range length {
		if after < length-100 && after%5 != 0 {
			continue // within the header, every fifth will do
		}
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			proxy := server.NewProxy(t, func(n int, r *http.Request) azurite.Fault {
				return azurite.Fault{Cut: n == 0 && azurite.IsDownload(r), After: after, Reset: after%2 == 0}
			})
			n := server.newNode(t, azureLockers(proxy.Endpoint, "cut", azurite.ReadSAS()), "one")
			if status, out := n.run(t); status != 0 {
				t.Errorf("cut after %d of %d bytes: status %d: %s", after, length, status, out)
				return
			}
			n.checkTree(t, "one", want)
		})
	}
	group.Wait()
	t.Logf("%d cuts", length)
}

// testFaults: each fault ends in the right tree or in a clear failure that
// leaves the old one.
func testFaults(t *testing.T, server *lab) {
	server.Make(t, "faults")
	small, large := random(1000, 1), random(3<<20, 2)
	want := map[string]string{"files/small": small, "files/large": large}
	fill(t, server, "faults", "one", want)
	first := func(f azurite.Fault) func(int, *http.Request) azurite.Fault {
		return func(n int, r *http.Request) azurite.Fault {
			if azurite.IsDownload(r) && n < 2 {
				return f
			}
			return azurite.Fault{}
		}
	}
	always := func(f azurite.Fault) func(int, *http.Request) azurite.Fault {
		return func(_ int, r *http.Request) azurite.Fault {
			if azurite.IsDownload(r) {
				return f
			}
			return azurite.Fault{}
		}
	}
	flip := func(_ http.Header, body []byte) []byte { body[len(body)/2] ^= 1; return body }
	for _, c := range []struct {
		name  string
		fault func(int, *http.Request) azurite.Fault
		fails string // what the failure says; "" when it must succeed
	}{
		{"429 once", first(azurite.Fault{Status: 429, RetryAfter: "1"}), ""},
		{"500 once", first(azurite.Fault{Status: 500}), ""},
		{"503 once", first(azurite.Fault{Status: 503, RetryAfter: "1"}), ""},
		{"503 of the listing", func(n int, r *http.Request) azurite.Fault {
			if !azurite.IsDownload(r) && n == 0 {
				return azurite.Fault{Status: 503}
			}
			return azurite.Fault{}
		}, ""},
		{"delay", first(azurite.Fault{Before: func() { time.Sleep(time.Second) }}), ""},
		{"longer than it says", first(azurite.Fault{Edit: func(_ http.Header, body []byte) []byte { return append(body, "more"...) }}), "digest|"},
		{"shorter than it says", first(azurite.Fault{Edit: func(h http.Header, body []byte) []byte {
			h.Set("Content-Length", fmt.Sprint(len(body)+1))
			return body[:len(body)/2]
		}}), ""},
		{"shorter than listed", first(azurite.Fault{Edit: func(_ http.Header, body []byte) []byte { return body[:len(body)/2] }}), ""},
		{"a wrong byte", always(azurite.Fault{Edit: flip}), "does not match its digest"},
		{"no ranges", func(n int, r *http.Request) azurite.Fault {
			if azurite.IsDownload(r) && n < 4 {
				return azurite.Fault{Cut: true, After: 100_000, NoRange: true}
			}
			return azurite.Fault{NoRange: true}
		}, ""},
		{"cut again and again", func(n int, r *http.Request) azurite.Fault {
			return azurite.Fault{Cut: azurite.IsDownload(r), After: 150_000 + n*1000, Reset: n%2 == 0}
		}, ""},
		{"gone", always(azurite.Fault{Status: 404}), "no such locker or blob"},
		{"refused", always(azurite.Fault{Status: 403}), "refused the credentials"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			proxy := server.NewProxy(t, c.fault)
			n := server.newNode(t, azureLockers(proxy.Endpoint, "faults", azurite.ReadSAS()), "one")
			status, out := n.run(t)
			if c.fails == "" {
				if status != 0 {
					t.Fatalf("status %d: %s", status, out)
				}
				n.checkTree(t, "one", want)
				return
			}
			if says, either := strings.CutSuffix(c.fails, "|"); either && status == 0 {
				n.checkTree(t, "one", want)
			} else if status != 1 || !strings.Contains(out, says) {
				t.Errorf("status %d: %s", status, out)
			} else {
				n.checkTree(t, "one", nil)
			}
			n.checkNoSecret(t, out)
		})
	}
}

// testResume: a converge that is killed in the middle of a download goes on
// behind the last byte that arrived, and only if the blob is still the same.
func testResume(t *testing.T, server *lab) {
	server.Make(t, "resume")
	want := map[string]string{"files/large": random(40<<20, 3)}
	fill(t, server, "resume", "one", want)
	hold := make(chan struct{})
	var release sync.Once
	defer release.Do(func() { close(hold) })
	proxy := server.NewProxy(t, func(n int, r *http.Request) azurite.Fault {
		if azurite.IsDownload(r) && n == 1 {
			return azurite.Fault{Before: func() { <-hold }}
		}
		return azurite.Fault{Cut: azurite.IsDownload(r) && n == 0, After: 20 << 20}
	})
	n := server.newNode(t, azureLockers(proxy.Endpoint, "resume", azurite.ReadSAS()), "one")
	cmd := n.command()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return countDownloads(proxy) == 2 })
	cmd.Process.Kill()
	cmd.Wait()
	release.Do(func() { close(hold) })
	parts, err := filepath.Glob(n.path("init", ".staging", "demo", "one", "parts", "*.part"))
	if err != nil || len(parts) != 1 {
		t.Fatalf("parts %v, %v", parts, err)
	}
	info, err := os.Stat(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	n.mustRun(t)
	n.checkTree(t, "one", want)
	requests := proxy.Requests()
	last := requests[len(requests)-1]
	if got, want := last.Header.Get("x-ms-range")+last.Header.Get("Range"), fmt.Sprintf("bytes=%d-", info.Size()); got != want || last.Header.Get("If-Match") == "" {
		t.Errorf("the download went on with Range %q and If-Match %q, want %q and an ETag", got, last.Header.Get("If-Match"), want)
	}
}

func countDownloads(p *azurite.Proxy) (n int) {
	for _, r := range p.Requests() {
		if azurite.IsDownload(r) {
			n++
		}
	}
	return n
}

func waitFor(t testing.TB, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatal("it does not happen")
		}
		time.Sleep(time.Millisecond)
	}
}

// testIdentity: without a SAS, the node's managed identity gets a token from
// the metadata service. Azurite takes tokens over TLS only, so the proxy
// looks at the token and puts a SAS in its place.
func testIdentity(t *testing.T, server *lab) {
	server.Make(t, "identity")
	want := map[string]string{"files/f": "x"}
	fill(t, server, "identity", "one", want)
	var asked []string
	metadata := newMetadata(t, func(r *http.Request) {
		asked = append(asked, r.URL.Query().Get("client_id")+" "+r.URL.Query().Get("resource")+" "+r.Header.Get("Metadata"))
	})
	proxy := server.NewProxy(t, func(_ int, r *http.Request) azurite.Fault {
		if r.Header.Get("Authorization") != "Bearer the-token" {
			return azurite.Fault{Status: 401}
		}
		r.Header.Del("Authorization")
		r.URL.RawQuery += "&" + azurite.ReadSAS()
		return azurite.Fault{}
	})
	n := server.newNode(t, fmt.Sprintf(`{"lockers": {"az": {"url": "az://%s/identity", "endpoint": %q, "client_id": "the-client"}}}`, azurite.Account, proxy.Endpoint), "one")
	status, out := n.run(t)
	if status != 1 || !strings.Contains(out, "identity") {
		t.Errorf("without a metadata service: status %d: %s", status, out)
	}
	cmd := n.command()
	cmd.Env = append(cmd.Env, "JETPACK_IMDS_ENDPOINT="+metadata)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	n.checkTree(t, "one", want)
	if len(asked) != 1 || asked[0] != "the-client https://storage.azure.com true" {
		t.Errorf("asked for %q", asked)
	}
}
