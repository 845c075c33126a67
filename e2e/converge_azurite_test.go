//go:build unix

package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jetpack.internal/e2e/azurite"
)

func TestConvergeFromAzure(t *testing.T) {
	server := newLab(t)
	t.Run("files", func(t *testing.T) { testFiles(t, server) })
	t.Run("refusals", func(t *testing.T) { testRefusals(t, server) })
	t.Run("names", func(t *testing.T) { testNames(t, server) })
	t.Run("changed", func(t *testing.T) { testChanged(t, server) })
	t.Run("cut", func(t *testing.T) { testCut(t, server) })
	t.Run("faults", func(t *testing.T) { testFaults(t, server) })
	t.Run("resume", func(t *testing.T) { testResume(t, server) })
	t.Run("identity", func(t *testing.T) { testIdentity(t, server) })
}

func honest(int, *http.Request) azurite.Fault { return azurite.Fault{} }

// testFiles: many files, an update, and a run with nothing to do.
func testFiles(t *testing.T, server *lab) {
	server.Make(t, "files")
	want := map[string]string{"scripts/1.sh": "echo one\n", "files/empty": "", "files/ünï cödé & +%20.txt": "x"}
	for i := range 1000 {
		want[fmt.Sprintf("files/%02d/%d", i%50, i)] = random(i, byte(i))
	}
	fill(t, server, "files", "one", want)
	proxy := server.NewProxy(t, honest)
	n := server.newNode(t, azureLockers(proxy.Endpoint, "files", azurite.ReadSAS()), "one")
	out := n.mustRun(t)
	n.checkTree(t, "one", want)
	n.checkNoSecret(t, out)

	before := len(proxy.Requests())
	n.mustRun(t)
	if made := proxy.Requests()[before:]; len(made) != 1 || azurite.IsDownload(made[0]) {
		t.Errorf("an unchanged project costs %d requests, want one listing", len(made))
	}

	server.Delete(t, "files", "projects/demo/1.0.0/one/cluster-init/files/01/1")
	delete(want, "files/01/1")
	want["files/02/2"] = "changed"
	fill(t, server, "files", "one", map[string]string{"files/02/2": "changed"})
	before = len(proxy.Requests())
	n.mustRun(t)
	n.checkTree(t, "one", want)
	if made := proxy.Requests()[before:]; len(made) != 2 {
		t.Errorf("one changed file costs %d requests, want a listing and a download", len(made))
	}
}

func testRefusals(t *testing.T, server *lab) {
	server.Make(t, "refusals")
	fill(t, server, "refusals", "one", map[string]string{"scripts/1.sh": "true\n"})
	for _, c := range []struct{ name, container, sas, want string }{
		{"expired", "refusals", azurite.SAS("rl", time.Now().Add(-time.Hour)), "the SAS has expired at"},
		{"not to list", "refusals", azurite.SAS("w", time.Now().Add(time.Hour)), "the locker refused the credentials"},
		{"forged", "refusals", strings.Replace(azurite.ReadSAS(), "sig=", "sig=AAAA", 1), "the locker refused the credentials"},
		{"no container", "nowhere", azurite.ReadSAS(), "no such locker or blob"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := server.newNode(t, azureLockers(server.Endpoint, c.container, c.sas), "one")
			status, out := n.run(t)
			if status != 1 || !strings.Contains(out, c.want) || !strings.Contains(out, "Software Installation Failure") || !strings.Contains(out, "hint: ") {
				t.Errorf("status %d: %s", status, out)
			}
			n.checkNoSecret(t, out)
		})
	}
	t.Run("https form", func(t *testing.T) {
		n := server.newNode(t, fmt.Sprintf(`{"lockers": {"x": {"url": "%s/refusals?%s"}}}`, server.Endpoint, azurite.ReadSAS()), "one")
		n.checkNoSecret(t, n.mustRun(t))
	})
	t.Run("prefix", func(t *testing.T) {
		server.Put(t, "refusals", "deep/er/projects/demo/1.0.0/one/cluster-init/files/f", []byte("deep"))
		lockers := strings.Replace(azureLockers(server.Endpoint, "refusals", azurite.ReadSAS()), "/refusals", "/refusals/deep/er", 1)
		n := server.newNode(t, lockers, "one")
		n.mustRun(t)
		n.checkTree(t, "one", map[string]string{"files/f": "deep"})
	})
	t.Run("mirrored", func(t *testing.T) {
		server.Make(t, "mirrored")
		server.Put(t, "mirrored", "cache/projects/demo/1.0.0/one/cluster-init/files/f", []byte("mirrored"))
		n := server.newNode(t, azureLockers(server.Endpoint, "mirrored", azurite.ReadSAS()), "one")
		n.mustRun(t)
		n.checkTree(t, "one", map[string]string{"files/f": "mirrored"})
	})
}

// testNames: what a listing says must not leave the folder. The proxy puts
// names into the listing that Azurite itself would not take.
func testNames(t *testing.T, server *lab) {
	server.Make(t, "names")
	want := map[string]string{"files/innocent": "x", "scripts/1.sh": "touch ../ran\n"}
	fill(t, server, "names", "one", want)
	for _, evil := range []string{
		"../../../../evil", "files/../../evil", "/evil", "files//evil", "files/./evil", `files\..\..\evil`, "files/evil/",
		"files/" + strings.Repeat("x", 300), "files/new&#10;line", ".jetpack-sync.json",
	} {
		t.Run(evil[:min(len(evil), 20)], func(t *testing.T) {
			listed := false
			proxy := server.NewProxy(t, func(_ int, r *http.Request) azurite.Fault {
				if azurite.IsDownload(r) {
					return azurite.Fault{}
				}
				return azurite.Fault{Edit: func(_ http.Header, body []byte) []byte {
					edited := bytes.Replace(body, []byte("cluster-init/files/innocent<"), []byte("cluster-init/"+evil+"<"), 1)
					listed = !bytes.Equal(edited, body)
					return edited
				}}
			})
			n := server.newNode(t, azureLockers(proxy.Endpoint, "names", azurite.ReadSAS()), "one")
			status, out := n.run(t)
			if !listed || status != 1 || !strings.Contains(out, "cannot lay out") {
				t.Errorf("status %d: %s", status, out)
			}
			if len(n.tree(t, "one")) != 0 {
				t.Errorf("something was laid out")
			}
			entries, err := os.ReadDir(n.dir)
			if err != nil || len(entries) > 2 {
				t.Errorf("something is beside the folders: %v, %v", entries, err)
			}
		})
	}
	t.Run("long", func(t *testing.T) {
		server.Make(t, "long")
		deep := "files/" + strings.Repeat("abcdefghi/", 94) + "end"
		files := map[string]string{deep: "deep", "files/folder": ""}
		fill(t, server, "long", "one", files)
		n := server.newNode(t, azureLockers(server.Endpoint, "long", azurite.ReadSAS()), "one")
		n.mustRun(t)
		n.checkTree(t, "one", files)
	})
}

// testChanged: a blob that is replaced between listing and download.
func testChanged(t *testing.T, server *lab) {
	server.Make(t, "changed")
	old := map[string]string{"files/a": "old a", "files/b": "old b"}
	fill(t, server, "changed", "one", old)
	var meddle atomic.Pointer[func()]
	proxy := server.NewProxy(t, func(_ int, r *http.Request) azurite.Fault {
		if azurite.IsDownload(r) && strings.HasSuffix(r.URL.Path, "/b") {
			if before := meddle.Load(); before != nil {
				return azurite.Fault{Before: *before}
			}
		}
		return azurite.Fault{}
	})
	n := server.newNode(t, azureLockers(proxy.Endpoint, "changed", azurite.ReadSAS()), "one")
	n.mustRun(t)

	fill(t, server, "changed", "one", map[string]string{"files/a": "new a", "files/b": "new b"})
	newest := func() { fill(t, server, "changed", "one", map[string]string{"files/b": "newest b"}) }
	meddle.Store(&newest)
	status, out := n.run(t)
	if status != 75 || !strings.Contains(out, "changed while it was read") {
		t.Errorf("status %d: %s", status, out)
	}
	n.checkTree(t, "one", old)
	meddle.Store(nil)
	n.mustRun(t)
	n.checkTree(t, "one", map[string]string{"files/a": "new a", "files/b": "newest b"})
}
