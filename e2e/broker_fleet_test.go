//go:build unix

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/home"
)

// The fleet: nodes that come to one broker within a few seconds.
const (
	fleet     = 2000
	perNode   = 10
	fleetTime = 25 * time.Second // in which all nodes first connect
)

// TestBrokerFleet: 2,000 nodes log through the real code while their broker
// restarts. All messages arrive; one that arrives twice has the same id.
func TestBrokerFleet(t *testing.T) {
	b := startBroker(t)
	c := consume(t, b)
	c.queue(t, "fleet", "log.#", nil)
	root := t.TempDir()
	var before, after sync.WaitGroup
	up := make(chan struct{})
	connects := make([]time.Duration, fleet)
	start := time.Now()
	for i := range fleet {
		h := fleetHome(t, root, i, b.URL())
		before.Add(1)
		after.Go(func() {
			connects[i] = fleetNode(t, h, i, &before, up)
		})
	}
	before.Wait()
	t.Logf("%d nodes connected and logged half in %v", fleet, time.Since(start))
	b.Crash()
	if err := b.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(up)
	after.Wait()
	slices.Sort(connects)
	t.Logf("all done after %v; first message took %v at best, %v median, %v at worst", time.Since(start), connects[0], connects[fleet/2], connects[fleet-1])
	c = consume(t, b)
	ids, duplicates := map[string]string{}, 0
	perMessage := map[string]int{}
	for {
		d, found, err := c.channel.Get("fleet", true)
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			break
		}
		text := texts(t, []string{string(d.Body)})[0]
		if id, seen := ids[text]; seen && id != d.MessageId {
			t.Errorf("%s arrived with two ids", text)
		}
		ids[text] = d.MessageId
		perMessage[text]++
		if perMessage[text] > 1 {
			duplicates++
		}
	}
	t.Logf("%d different messages, %d duplicates", len(ids), duplicates)
	if len(ids) != fleet*perNode {
		t.Errorf("%d of %d messages arrived", len(ids), fleet*perNode)
	}
}

func fleetHome(t *testing.T, root string, i int, url string) home.Home {
	h := home.Home{Dir: filepath.Join(root, fmt.Sprint(i))}
	if err := os.MkdirAll(filepath.Join(h.Dir, "config"), 0o750); err != nil {
		t.Fatal(err)
	}
	tree := fmt.Sprintf(`{"cyclecloud":{"cluster":{"name":"fleet"},"node":{"name":"n%d"}}}`, i)
	for path, text := range map[string]string{h.Connection(): connectTo(url), h.Configuration(): tree} {
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// fleetNode logs half of its messages, waits for the broker to be up again
// and logs the others, while the broker may be away or busy.
func fleetNode(t *testing.T, h home.Home, i int, before *sync.WaitGroup, up <-chan struct{}) (first time.Duration) {
	ctx := context.Background()
	s, err := delivery.Open(h, delivery.Options{Timeout: 30 * time.Second})
	if err != nil {
		t.Error(err)
		before.Done()
		return 0
	}
	defer s.Close()
	say := func(n int) {
		if _, err := s.Report(ctx, "log", delivery.LogData{Level: "info", Priority: "low", Message: fmt.Sprint(i, " ", n)}); err != nil {
			t.Errorf("node %d: %v", i, err)
		}
	}
	time.Sleep(rand.N(fleetTime)) // nodes of one cluster do not boot in one instant
	start := time.Now()
	say(0)
	first = time.Since(start)
	for n := 1; n < perNode/2; n++ {
		say(n)
	}
	before.Done()
	for n := perNode / 2; n < perNode; n++ {
		say(n)
		if n == perNode/2+1 {
			<-up
			time.Sleep(rand.N(fleetTime))
		}
	}
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); {
		if _, err = s.Flush(ctx); err == nil {
			return first
		}
		time.Sleep(rand.N(5 * time.Second))
	}
	t.Errorf("node %d cannot flush: %v", i, err)
	return first
}
