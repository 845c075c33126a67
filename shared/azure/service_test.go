package azure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const answerText = `{"compute":{"vmSize":"Standard_HB120rs_v3","vmId":"02aab8a4","tags":"a:b;c:d","isHostCompatibilityLayerVm":"false",
"storageProfile":{"osDisk":{"diskSizeGB":"30"}},"plan":{"n":1,"f":0.5}},
"network":{"interface":[{"macAddress":"000D3AF806EC","ipv4":{"ipAddress":[{"privateIpAddress":"10.0.0.4","publicIpAddress":"20.1.2.3"},
{"privateIpAddress":"10.0.0.5","publicIpAddress":""}],"subnet":[{"address":"10.0.0.0","prefix":"24"}]},"ipv6":{"ipAddress":[{"privateIpAddress":"fd00::4"}]}}]}}`

// imds behaves as the documentation of the instance metadata service says:
// statuses in order, then the answer; a wrong version is told the right ones.
func imds(statuses ...int) http.HandlerFunc {
	var asked atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		n := int(asked.Add(1)) - 1
		switch {
		case r.Header.Get("Metadata") != "true" || r.Header.Get("X-Forwarded-For") != "":
			http.Error(w, `{"error":"Bad request. Required metadata header not specified"}`, http.StatusBadRequest)
		case n < len(statuses):
			http.Error(w, `{"error":"not now"}`, statuses[n])
		case r.URL.Query().Get("api-version") != version && r.URL.Query().Get("api-version") != "2019-11-01":
			http.Error(w, `{"error":"Bad request","newest-versions":["2019-08-15","2019-11-01"]}`, http.StatusBadRequest)
		default:
			fmt.Fprint(w, answerText)
		}
	}
}

func TestRetriesUntilTheServiceIsReady(t *testing.T) {
	for _, status := range []int{404, 410, 429, 500, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			s := serve(t, imds(status, status))
			s.Timeout = time.Second
			if _, ok := s.Metadata(context.Background()); !ok {
				t.Error("no metadata")
			}
		})
	}
	for _, status := range []int{401, 403, 405} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			if _, ok := serve(t, imds(status)).Metadata(context.Background()); ok {
				t.Error("asked again, though the answer will not change")
			}
		})
	}
}

func TestShape(t *testing.T) {
	azure, ok := serve(t, imds()).Metadata(context.Background())
	got, _ := json.Marshal(map[string]any{"azure": azure, "cloud": Cloud(azure)})
	want := `{"azure":{"metadata":{"compute":{"isHostCompatibilityLayerVm":"false","plan":{"f":0.5,"n":1},` +
		`"storageProfile":{"osDisk":{"diskSizeGB":"30"}},"tags":"a:b;c:d","vmId":"02aab8a4","vmSize":"Standard_HB120rs_v3"},` +
		`"network":{"interfaces":{"000D3AF806EC":{"local_ipv4":["10.0.0.4","10.0.0.5"],"local_ipv6":["fd00::4"],"mac":"000D3AF806EC",` +
		`"public_ipv4":["20.1.2.3"],"public_ipv6":[]}},"local_ipv4":["10.0.0.4","10.0.0.5"],"local_ipv6":["fd00::4"],` +
		`"public_ipv4":["20.1.2.3"],"public_ipv6":[]}}},"cloud":{"local_ipv4":"10.0.0.4","local_ipv4_addrs":["10.0.0.4","10.0.0.5"],` +
		`"local_ipv6":"fd00::4","local_ipv6_addrs":["fd00::4"],"provider":"azure","public_ipv4":"20.1.2.3","public_ipv4_addrs":["20.1.2.3"]}}`
	if !ok || string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestServerIsAsDocumented: the service that the other tests ask refuses what
// the real one refuses.
func TestServerIsAsDocumented(t *testing.T) {
	s := serve(t, imds())
	for name, c := range map[string]struct {
		header, value, version, want string
	}{
		"no header":   {"Accept", "application/json", version, "header not specified"},
		"a proxy":     {"X-Forwarded-For", "10.0.0.1", version, "header not specified"},
		"old version": {"Metadata", "true", "2016-01-01", "newest-versions"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), "GET", s.Endpoint+"/metadata/instance?api-version="+c.version, nil)
		if err != nil {
			t.Fatal(err)
		}
		if name == "a proxy" {
			request.Header.Set("Metadata", "true")
		}
		request.Header.Set(c.header, c.value)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != 400 || !strings.Contains(string(text), c.want) {
			t.Errorf("%s: status %d, %s", name, answer.StatusCode, text)
		}
	}
}

// TestNoProxy: the environment's proxy is not asked, nor told of the VM.
func TestNoProxy(t *testing.T) {
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	if _, ok := serve(t, imds()).Metadata(context.Background()); !ok {
		t.Error("no metadata")
	}
}

// TestSlowThenReady: an answer that comes too late is asked for again.
func TestSlowThenReady(t *testing.T) {
	var asked atomic.Int32
	ready := imds()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			<-r.Context().Done()
			return
		}
		ready(w, r)
	})
	s.Timeout = 500 * time.Millisecond
	if err := s.Refresh(context.Background()); err != nil || asked.Load() < 2 {
		t.Errorf("asked %d times: %v", asked.Load(), err)
	}
}

func TestAsksForTheNewestKnownVersion(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("api-version") == "2019-11-01" {
			fmt.Fprint(w, answerText)
			return
		}
		http.Error(w, `{"newest-versions":["2019-08-15","2019-11-01"]}`, http.StatusBadRequest)
	})
	if _, ok := s.Metadata(context.Background()); !ok {
		t.Error("no metadata")
	}
}

func TestUselessAnswers(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"not JSON":   func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
		"a list":     func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "[]") },
		"two values": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}{}") },
		"torn":       func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, answerText[:100]) },
		"oversized":  func(w http.ResponseWriter, _ *http.Request) { w.Write(bytes.Repeat([]byte(" "), 2*largest)) },
		"oversized length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99999999999")
			w.Write([]byte("{"))
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		},
		"bad version": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, `{"newest-versions":["../x y"]}`, 400) },
		"slow":        func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, handler)
			s.Timeout = 200 * time.Millisecond
			began := time.Now()
			if got, ok := s.Metadata(context.Background()); ok {
				t.Errorf("metadata are %v", got)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
			if s.Metadata(context.Background()); name == "slow" && time.Since(began) > 5*time.Second {
				t.Error("a second call waited again")
			}
		})
	}
}

func TestCacheBelongsToTheBoot(t *testing.T) {
	root := t.TempDir()
	boot := filepath.Join(root, "proc/sys/kernel/random/boot_id")
	put(t, boot, "one\n")
	var asked atomic.Int32
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, answerText)
	})
	s.Root = root
	expect := func(when string, n int32) {
		t.Helper()
		if _, ok := s.Metadata(context.Background()); !ok || asked.Load() != n {
			t.Errorf("%s: asked %d times in all, not %d (%v)", when, asked.Load(), n, ok)
		}
	}
	expect("first", 1)
	expect("again", 1)
	put(t, boot, "two\n")
	expect("after a boot", 2)
	s.MaxAge = time.Nanosecond
	expect("when old", 3)
	s.MaxAge = 0
	if err := s.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	expect("after a refresh", 4)
	put(t, s.Cache, `{"instance":{"compute":`)
	expect("after damage", 5)
	put(t, s.Cache, strings.Replace(read(t, s.Cache), `"fetched":"2`, `"fetched":"9`, 1))
	expect("from the future", 6)
	info, err := os.Stat(s.Cache)
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("cache has mode %v, %v", info.Mode(), err)
	}
}

func TestOldAnswerOutlivesAFailure(t *testing.T) {
	var down atomic.Bool
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			http.Error(w, "", http.StatusForbidden)
			return
		}
		fmt.Fprint(w, answerText)
	})
	s.Metadata(context.Background())
	down.Store(true)
	s.MaxAge = time.Nanosecond
	if _, ok := s.Metadata(context.Background()); !ok {
		t.Error("an old answer of this boot is better than none")
	}
	if err := s.Refresh(context.Background()); err == nil || !strings.Contains(err.Error(), "cannot read instance metadata: status 403") {
		t.Errorf("refresh says %v", err)
	}
}

// TestNoSocketElsewhere: a machine that is no Azure VM never asks, and "none"
// silences one that is. (That no socket is opened either is seen from outside,
// by e2e's TestWholeTree.)
func TestNoSocketElsewhere(t *testing.T) {
	azureVM, other := t.TempDir(), t.TempDir()
	put(t, filepath.Join(azureVM, "sys/class/dmi/id/chassis_asset_tag"), azureTag+"\n")
	put(t, filepath.Join(other, "sys/class/dmi/id/chassis_asset_tag"), "7783-7084-3265-9085-8269-3286-78\n")
	for name, s := range map[string]Source{
		"another maker": {Root: other}, "no firmware": {Root: t.TempDir()}, "told not to": {Root: azureVM, Endpoint: "none"},
	} {
		if at := s.endpoint(); at != "" {
			t.Errorf("%s: would ask %s", name, at)
		}
		if _, ok := s.Metadata(context.Background()); ok {
			t.Errorf("%s: has metadata", name)
		}
		if err := s.Refresh(context.Background()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if at := (Source{Root: azureVM}).endpoint(); at != service {
		t.Errorf("an Azure VM asks %q", at)
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	s := Source{Endpoint: "http://" + l.Addr().String(), Timeout: 100 * time.Millisecond}
	if _, ok := s.Metadata(context.Background()); ok {
		t.Error("has metadata")
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	if err := s.Refresh(ctx); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("refresh says %v", err)
	}
}

func TestEndpoints(t *testing.T) {
	for url, want := range map[string]string{
		"http://127.0.0.1:80": "127.0.0.1:80", "http://127.0.0.1": "127.0.0.1:80", "http://localhost:99/": "127.0.0.1:99",
		"http://[::1]:8080/x/": "[::1]:8080", "http://[::1]": "[::1]:80",
		"https://127.0.0.1": "", "http://example.com": "", "http://": "", "127.0.0.1": "", "http://127.0.0.1:1\r\nX:y": "",
	} {
		at, err := address(url)
		if (err != nil) != (want == "") || err == nil && at.addr.String() != want {
			t.Errorf("%q is %v, %v", url, at, err)
		}
	}
}

// FuzzAnswer: whatever comes, the reader ends, and keeps to its bounds.
func FuzzAnswer(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
	f.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
	f.Add("HTTP/1.0 404 Not Found\r\n\r\nrest")
	f.Add("HTTP/1.1 200\r\nContent-Length: -1\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		status, body, err := answer(strings.NewReader(text))
		if len(body) > largest || err == nil && (status < -99 || status > 999) {
			t.Errorf("status %d, %d bytes, %v", status, len(body), err)
		}
	})
}

func FuzzShape(f *testing.F) {
	f.Add([]byte(answerText))
	f.Add([]byte(`{"compute":null,"network":{"interface":[{"macAddress":1},{"macAddress":"a","ipv4":{"ipAddress":[null]}}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var instance any
		if decode(text, &instance) != nil {
			return
		}
		azure, ok := shape(instance)
		if _, err := json.Marshal(map[string]any{"azure": azure, "cloud": Cloud(azure)}); err != nil || ok != (azure != nil) {
			t.Errorf("%s: %v, %v", text, err, ok)
		}
	})
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// FuzzChassisTag: a tag is text of the table, and without a chassis there is
// none.
func FuzzChassisTag(f *testing.F) {
	chassis := "\x03\x0d\x00\x00\x01\x03\x00\x00\x02\x03\x03\x03\x03Maker\x00" + azureTag + "\x00\x00"
	f.Add([]byte("\x00\x05\x00\x00\x01Vendor\x00\x00" + chassis + "\x7f\x04\x00\x00\x00\x00"))
	f.Add([]byte(chassis[:9]))
	if got := chassisTag([]byte(chassis)); got != azureTag {
		f.Errorf("the tag is %q", got)
	}
	f.Fuzz(func(t *testing.T, table []byte) {
		if tag := chassisTag(table); !bytes.Contains(table, []byte(tag)) || tag != "" && !bytes.Contains(table, []byte{3}) {
			t.Errorf("%q is no text of %q", tag, table)
		}
	})
}
