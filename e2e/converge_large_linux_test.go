package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"jetpack.internal/e2e/azurite"
)

// TestConvergeLargeFile: a file of hundreds of megabytes, cut at random
// offsets, arrives whole, and takes no memory to speak of.
func TestConvergeLargeFile(t *testing.T) {
	const megabytes, cuts, limit = 200, 5, 60
	server := newLab(t)
	server.Make(t, "large")
	want := map[string]string{"files/large": random(megabytes<<20, 7)}
	fill(t, server, "large", "one", want)
	chance := rand.New(rand.NewPCG(3, 4))
	left := megabytes << 20
	proxy := server.NewProxy(t, func(n int, r *http.Request) azurite.Fault {
		if !azurite.IsDownload(r) || n >= cuts {
			return azurite.Fault{}
		}
		after := chance.IntN(left / 2)
		left -= after
		return azurite.Fault{Cut: true, After: after, Reset: n%2 == 0}
	})
	n := server.newNode(t, azureLockers(proxy.Endpoint, "large", azurite.ReadSAS()), "one")
	cmd := n.command()
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- cmd.Wait() }()
	peak := 0
	for running := true; running; {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("%v: %s", err, out.String())
			}
			running = false
		case <-time.After(20 * time.Millisecond):
			peak = max(peak, peakMemory(cmd.Process.Pid))
		}
	}
	n.checkTree(t, "one", want)
	if got := countDownloads(proxy); got != cuts+1 {
		t.Errorf("%d downloads, want %d", got, cuts+1)
	}
	if peak == 0 || peak > limit {
		t.Errorf("it took %d MB of memory, want at most %d", peak, limit)
	}
	t.Logf("peak memory %d MB", peak)
}

// peakMemory is a process's VmHWM, megabytes. The kernel's account at the
// process's end counts what its parent had when it was forked.
func peakMemory(pid int) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	var kilobytes int
	fmt.Sscan(after, &kilobytes)
	return kilobytes >> 10
}
