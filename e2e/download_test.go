//go:build unix

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jetpack.internal/e2e/azurite"
)

// TestDownload: a project's blobs from a real blob store, as scripts fetch
// them, over a line that cuts, lies and refuses.
func TestDownload(t *testing.T) {
	t.Parallel()
	server := &lab{azurite.Start(t), filepath.Join(buildPrograms(t, "jetpack-download"), "jetpack-download")}
	server.Make(t, "blobs")
	large := random(20<<20, 9)
	server.Put(t, "blobs", "projects/demo/blobs/large.tgz", []byte(large))
	server.Put(t, "blobs", "blobs/demo/a b+ü.tgz", []byte("the user's"))
	server.Put(t, "blobs", "projects/demo/blobs/a b+ü.tgz", []byte("the owner's"))
	for name, test := range map[string]func(*testing.T, *lab, string){
		"fetched": testBlobFetched, "cut": testBlobCut, "killed": testBlobKilled, "twins": testBlobTwins,
		"damaged": testBlobDamaged, "refused": testBlobRefused,
	} {
		t.Run(name, func(t *testing.T) { test(t, server, large) })
	}
}

// download is a node and the command in it.
func (l *lab) download(t *testing.T, endpoint, container, sas string, args ...string) (*node, *exec.Cmd) {
	t.Helper()
	n := l.newNode(t, azureLockers(endpoint, container, sas), "one")
	return n, n.download(args...)
}

func (n *node) download(args ...string) *exec.Cmd {
	cmd := n.command(append([]string{"--project", "demo"}, args...)...)
	cmd.Dir = n.dir
	return cmd
}

func (n *node) wantBlob(t *testing.T, name, content string) {
	t.Helper()
	if got, err := os.ReadFile(n.path(name)); err != nil || string(got) != content {
		t.Errorf("%s has %d bytes, want %d: %v", name, len(got), len(content), err)
	}
	if parts, _ := filepath.Glob(n.path(".*.part")); len(parts) != 0 {
		t.Errorf("left behind: %v", parts)
	}
}

func testBlobFetched(t *testing.T, server *lab, large string) {
	proxy := server.NewProxy(t, honest)
	n, cmd := server.download(t, proxy.Endpoint, "blobs", azurite.ReadSAS(), "a b+ü.tgz")
	if out, err := cmd.CombinedOutput(); err != nil || len(out) != 0 {
		t.Errorf("%v: %q", err, out)
	}
	n.wantBlob(t, "a b+ü.tgz", "the user's")
	for range 2 {
		if out, err := n.download("large.tgz").CombinedOutput(); err != nil || len(out) != 0 {
			t.Errorf("%v: %q", err, out)
		}
		n.wantBlob(t, "large.tgz", large)
	}
	var contents int
	for _, r := range proxy.Requests() {
		if r.Method == http.MethodGet {
			contents++
		}
	}
	if contents != 2 {
		t.Errorf("%d downloads, want 2: what is there already is not fetched", contents)
	}
}

// testBlobCut: the rest comes, and not what has come.
func testBlobCut(t *testing.T, server *lab, large string) {
	var asked atomic.Int32
	proxy := server.NewProxy(t, func(_ int, r *http.Request) azurite.Fault {
		if r.Method == http.MethodHead {
			return azurite.Fault{}
		}
		n := int(asked.Add(1))
		return azurite.Fault{Cut: n <= 5, After: 2_000_000 + n*1000, Reset: n%2 == 0}
	})
	n, cmd := server.download(t, proxy.Endpoint, "blobs", azurite.ReadSAS(), "large.tgz")
	if out, err := cmd.CombinedOutput(); err != nil || len(out) != 0 {
		t.Errorf("%v: %q", err, out)
	}
	n.wantBlob(t, "large.tgz", large)
	if asked.Load() != 6 {
		t.Errorf("%d requests, want 6", asked.Load())
	}
}

// testBlobKilled: a call that was killed is continued by the next one.
func testBlobKilled(t *testing.T, server *lab, large string) {
	var ranges []string
	var mu sync.Mutex
	hold := make(chan struct{})
	release := sync.OnceFunc(func() { close(hold) })
	defer release()
	proxy := server.NewProxy(t, func(_ int, r *http.Request) azurite.Fault {
		if r.Method == http.MethodHead {
			return azurite.Fault{}
		}
		mu.Lock()
		defer mu.Unlock()
		ranges = append(ranges, r.Header.Get("x-ms-range"))
		switch len(ranges) {
		case 1:
			return azurite.Fault{Cut: true, After: 10 << 20}
		case 2:
			return azurite.Fault{Before: func() { <-hold }}
		}
		return azurite.Fault{}
	})
	n, cmd := server.download(t, proxy.Endpoint, "blobs", azurite.ReadSAS(), "large.tgz")
	n.write(t, "large.tgz", "the old one")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { mu.Lock(); defer mu.Unlock(); return len(ranges) == 2 })
	cmd.Process.Kill()
	cmd.Wait()
	release()
	if old, _ := os.ReadFile(n.path("large.tgz")); string(old) != "the old one" {
		t.Errorf("the old file has %d bytes", len(old))
	}
	if out, err := n.download("large.tgz").CombinedOutput(); err != nil || len(out) != 0 {
		t.Errorf("%v: %q", err, out)
	}
	n.wantBlob(t, "large.tgz", large)
	if last := ranges[len(ranges)-1]; len(ranges) != 3 || last != ranges[1] || !strings.HasPrefix(last, "bytes=10") {
		t.Errorf("asked for %q", ranges)
	}
}

// testBlobTwins: calls for the same file at the same time do not disturb each
// other.
func testBlobTwins(t *testing.T, server *lab, large string) {
	n, _ := server.download(t, server.Endpoint, "blobs", azurite.ReadSAS())
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			if out, err := n.download("large.tgz").CombinedOutput(); err != nil || len(out) != 0 {
				t.Errorf("%v: %q", err, out)
			}
		})
	}
	group.Wait()
	n.wantBlob(t, "large.tgz", large)
}

func testBlobDamaged(t *testing.T, server *lab, _ string) {
	proxy := server.NewProxy(t, func(_ int, r *http.Request) azurite.Fault {
		if r.Method == http.MethodHead {
			return azurite.Fault{}
		}
		return azurite.Fault{Edit: func(_ http.Header, body []byte) []byte { body[len(body)/2] ^= 1; return body }}
	})
	n, cmd := server.download(t, proxy.Endpoint, "blobs", azurite.ReadSAS(), "large.tgz")
	n.write(t, "large.tgz", "the old one")
	out, _ := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "does not match its digest (MD5)") {
		t.Errorf("%v: %s", cmd.ProcessState, out)
	}
	n.wantBlob(t, "large.tgz", "the old one")
}

func testBlobRefused(t *testing.T, server *lab, _ string) {
	away := func(int, *http.Request) azurite.Fault { return azurite.Fault{Status: 503} }
	for _, c := range []struct {
		name, endpoint, container, sas, want string
		status                               int
	}{
		{"expired", server.Endpoint, "blobs", azurite.SAS("rl", time.Now().Add(-time.Hour)), "the SAS has expired at", 1},
		{"no container", server.Endpoint, "nowhere", azurite.ReadSAS(), "cannot find the blob", 1},
		{"no server", "http://127.0.0.1:1/" + azurite.Account, "blobs", azurite.ReadSAS(), "cannot look for", 75},
		{"busy server", server.NewProxy(t, away).Endpoint, "blobs", azurite.ReadSAS(), "the server says 503", 75},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n, cmd := server.download(t, c.endpoint, c.container, c.sas, "large.tgz")
			out, _ := cmd.CombinedOutput()
			if cmd.ProcessState.ExitCode() != c.status || !strings.Contains(string(out), c.want) || !strings.Contains(string(out), "hint: ") {
				t.Errorf("status %d: %s", cmd.ProcessState.ExitCode(), out)
			}
			n.checkNoSecret(t, string(out))
			if entries, err := os.ReadDir(n.dir); err != nil || len(entries) != 1 {
				t.Errorf("left behind: %v, %v", entries, err)
			}
		})
	}
	t.Run("read only", func(t *testing.T) {
		n, cmd := server.download(t, server.Endpoint, "blobs", azurite.SAS("r", time.Now().Add(time.Hour)), "large.tgz")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("a SAS that may read but not list: %v: %s", err, out)
		}
		n.checkNoSecret(t, fmt.Sprint(cmd.Args))
	})
}
