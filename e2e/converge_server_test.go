//go:build unix

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestConvergeFromServer: a node that knows only its server, which is away at
// first. It gets its configuration as soon as there is one, and goes on with
// what it has while the server is away again.
func TestConvergeFromServer(t *testing.T) {
	t.Parallel()
	n := localNode(t, convergeBinary(t), map[string]string{"scripts/1.sh": "echo ran >>$JETPACK_HOME/../ran\n"})
	configuration, err := os.ReadFile(n.path("home/config/configuration.json"))
	if err != nil {
		t.Fatal(err)
	}
	var up atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		if !up.Load() || password != "hunter2" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Write(configuration)
	}))
	defer server.Close()
	os.Remove(n.path("home/config/configuration.json"))
	n.write(t, "home/config/connection.json", fmt.Sprintf(`{"username": "node", "password": "hunter2", "configuration": "%s/tree"}`, server.URL))

	status, out := n.run(t)
	if status != 75 || !strings.Contains(out, "Cannot fetch the configuration, and there is none yet: ") || !strings.Contains(out, "the server says 503") || !strings.Contains(out, "hint: Check the network") {
		t.Errorf("status %d: %s", status, out)
	}
	time.AfterFunc(time.Second, func() { up.Store(true) })
	if out := n.mustRun(t, "--retry", "5m"); !strings.Contains(out, "trying again in 2.0 s") || !strings.Contains(out, "ready: 1 script ran") {
		t.Errorf("it says %s", out)
	}
	up.Store(false)
	if out := n.mustRun(t); !strings.Contains(out, "warning: cannot fetch the configuration, going on with the one that is there") {
		t.Errorf("it says %s", out)
	}
	for name, text := range readTree(t, n.path("home")) {
		if name != "config/connection.json" && strings.Contains(text, "hunter2") {
			t.Errorf("%s holds the password", name)
		}
	}
}
