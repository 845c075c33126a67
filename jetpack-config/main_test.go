package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"jetpack.internal/shared/clitest"
)

// noSleep keeps the race detector, where it is on, from a second's sleep at
// the end of each process.
const noSleep = "atexit_sleep_ms=0"

func TestMain(m *testing.M) { clitest.Main(m, "jetpack-config", main) }

func TestContract(t *testing.T) { clitest.Contract(t, "jetpack-config", "cyclecloud.node.name") }

func TestScripts(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(`{"compute": {"vmSize": "Standard_HB120rs_v3", "location": "westeurope"}, "network": {"interface": []}}`))
	}))
	t.Cleanup(service.Close)
	var asked atomic.Int32
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		<-r.Context().Done()
	}))
	t.Cleanup(func() { // when the scripts, which run in parallel, have ended
		silent.Close()
		if n := asked.Load(); n > 0 {
			t.Errorf("the metadata service was asked %d times for what is no metadata", n)
		}
	})
	clitest.Scripts(t, func(env *testscript.Env) error {
		env.Setenv("GORACE", noSleep)
		env.Setenv("EVIL", "x\nroot: all is well")
		env.Setenv("IMDS", service.URL)
		env.Setenv("SILENT_IMDS", silent.URL)
		return nil
	})
}
