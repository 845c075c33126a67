// Fleet is many nodes in one process: each has a home of its own and says
// what it has to say through the real delivery code. A test and the benchmark
// run it, as it ships, without the race detector: that would take gigabytes.
//
// Usage: fleet FOLDER URL NODES SPREAD
//
// Each node logs 10 messages, "NODE NUMBER". The nodes come within SPREAD.
// When all have logged half of theirs, fleet prints how long it took each
// from its first word to its first confirmation, and waits for a line on
// stdin; then the nodes, again within SPREAD, log the rest and flush.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"jetpack.internal/shared/delivery"
	"jetpack.internal/shared/home"
)

const perNode = 10

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 4 {
		return errors.New("usage: fleet FOLDER URL NODES SPREAD")
	}
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	spread, err := time.ParseDuration(args[3])
	if err != nil {
		return err
	}
	nodes := make([]*node, count)
	for i := range nodes {
		if nodes[i], err = newNode(args[0], args[1], i); err != nil {
			return err
		}
	}
	start := time.Now()
	if err := each(nodes, spread, (*node).before); err != nil {
		return err
	}
	slices.SortFunc(nodes, func(a, b *node) int { return int(a.first - b.first) })
	fmt.Printf("%d nodes have logged half in %v; the first message took %v at best, %v median, %v at worst\n",
		count, time.Since(start), nodes[0].first, nodes[count/2].first, nodes[count-1].first)
	if !bufio.NewScanner(os.Stdin).Scan() {
		return nil
	}
	return each(nodes, spread, (*node).after)
}

// each lets the nodes do something at once, each at a moment of its own.
func each(nodes []*node, spread time.Duration, do func(*node) error) error {
	var all sync.WaitGroup
	failed := make([]error, len(nodes))
	for i, n := range nodes {
		all.Go(func() {
			time.Sleep(rand.N(spread))
			failed[i] = do(n)
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

type node struct {
	number int
	home   home.Home
	sender *delivery.Sender
	first  time.Duration // from the first word to its confirmation
}

func newNode(dir, url string, number int) (*node, error) {
	n := &node{number: number, home: home.Home{Dir: filepath.Join(dir, fmt.Sprint(number))}}
	if err := os.MkdirAll(filepath.Join(n.home.Dir, "config"), 0o750); err != nil {
		return nil, err
	}
	for path, text := range map[string]string{
		n.home.Connection():    fmt.Sprintf(`{"broker": {"url": %q}}`, url),
		n.home.Configuration(): fmt.Sprintf(`{"cyclecloud":{"cluster":{"name":"fleet"},"node":{"name":"n%d"}}}`, number),
	} {
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			return nil, err
		}
	}
	sender, err := delivery.Open(n.home, delivery.Options{Timeout: 30 * time.Second})
	n.sender = sender
	return n, err
}

func (n *node) say(number int) error {
	text := fmt.Sprint(n.number, " ", number)
	_, err := n.sender.Report(context.Background(), "log", delivery.LogData{Level: "info", Priority: "low", Message: text})
	return err
}

// before logs the first half, and keeps the connection.
func (n *node) before() error {
	start := time.Now()
	for i := range perNode / 2 {
		if err := n.say(i); err != nil {
			return err
		}
		if i == 0 {
			n.first = time.Since(start)
		}
	}
	return nil
}

// after logs the rest, while the broker may be away or busy, and flushes as
// healthcheckd does, at moments of its own.
func (n *node) after() error {
	defer n.sender.Close()
	for i := perNode / 2; i < perNode; i++ {
		if err := n.say(i); err != nil {
			return err
		}
	}
	var err error
	for deadline := time.Now().Add(3 * time.Minute); time.Now().Before(deadline); {
		if _, err = n.sender.Flush(context.Background()); err == nil {
			return nil
		}
		time.Sleep(rand.N(5 * time.Second))
	}
	return fmt.Errorf("node %d cannot flush: %w", n.number, err)
}
