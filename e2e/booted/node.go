//go:build linux

// Package booted boots a Debian with systemd as its first process in a container
// that shares the machine's network, for tests. Only root can.
package booted

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Node is a machine of its own, as far as the tests need one.
type Node struct {
	Root string // its root folder, seen from outside

	// Heard is called with all that a program inside has said to Run. It may
	// be nil.
	Heard func(text string)

	container *exec.Cmd
	ended     chan struct{}
}

// slots bounds the nodes of one test run: each systemd takes some twenty of the
// 128 inotify instances that a user has, and without any does not come up.
var slots = make(chan struct{}, 2)

// New is a copy of the image, not booted yet. While two others live it waits.
func New(t testing.TB) *Node {
	t.Helper()
	image, err := Image()
	if err != nil {
		t.Fatal(err)
	}
	return NewFrom(t, image)
}

// NewFrom is a copy of some other root folder, as New is one of the image.
func NewFrom(t testing.TB, image string) *Node {
	t.Helper()
	slots <- struct{}{}
	t.Cleanup(func() { <-slots })
	n := &Node{Root: filepath.Join(t.TempDir(), "root")}
	if out, err := exec.CommandContext(t.Context(), "cp", "-a", "--reflink=auto", image, n.Root).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Cleanup(n.Cut)
	// On a virtual machine of Azure, programs would ask the metadata service.
	n.Write(t, "etc/systemd/system.conf.d/test.conf", "[Manager]\nDefaultEnvironment=JETPACK_IMDS_ENDPOINT=none\n", 0o644)
	return n
}

// Boot turns the node on and waits until it is up.
func (n *Node) Boot(t testing.TB) {
	t.Helper()
	container, leave, err := Container(context.Background(), "-q", "-D", n.Root, "--boot")
	if err != nil {
		t.Fatal(err)
	}
	n.container = container
	ended := make(chan struct{})
	n.ended = ended
	if err := n.container.Start(); err != nil {
		leave()
		t.Fatalf("%v (apt-get install systemd-container)", err)
	}
	go func() { container.Wait(); leave(); close(ended) }()
	n.Await(t, "the boot", func() bool {
		state := n.Try("systemctl", "is-system-running")
		return strings.HasPrefix(state, "running") || strings.HasPrefix(state, "degraded")
	})
}

// PowerOff presses the power button, as a server does that terminates the
// machine, and waits for the end.
func (n *Node) PowerOff(t testing.TB) {
	t.Helper()
	n.container.Process.Signal(syscall.SIGTERM)
	n.AwaitEnd(t)
}

// AwaitEnd waits until the node is off.
func (n *Node) AwaitEnd(t testing.TB) {
	t.Helper()
	select {
	case <-n.ended:
	case <-time.After(time.Minute):
		t.Fatalf("the node is still on\n%s", n.Try("systemctl", "list-jobs", "--no-pager"))
	}
}

// Cut cuts the power, if it is on. The node's first process takes all others
// with it; systemd-nspawn alone would leave them.
func (n *Node) Cut() {
	if n.container == nil {
		return
	}
	if first := n.first(); first > 0 {
		_ = syscall.Kill(first, syscall.SIGKILL)
		select {
		case <-n.ended:
			return
		case <-time.After(10 * time.Second):
		}
	}
	n.container.Process.Kill()
	<-n.ended
}

// first is the node's first process as seen from outside, 0 for none.
func (n *Node) first() int { return firstOf(n.container) }

// firstOf is the first process in a container, 0 for none.
func firstOf(container *exec.Cmd) int {
	pid := container.Process.Pid
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", pid))
	if err != nil || len(bytes.Fields(children)) == 0 {
		return 0
	}
	first, err := strconv.Atoi(string(bytes.Fields(children)[0]))
	if err != nil {
		return 0
	}
	return first
}

// Inside is a program that will run in the node, as root, with an environment
// that holds no more than a PATH.
func (n *Node) Inside(ctx context.Context, args ...string) *exec.Cmd {
	return inside(ctx, n.first(), args)
}

func inside(ctx context.Context, first int, args []string) *exec.Cmd {
	// Of 0 nsenter says that there is none.
	c := exec.CommandContext(ctx, "nsenter", append([]string{"-t", strconv.Itoa(first), "-a", "--"}, args...)...)
	c.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "JETPACK_IMDS_ENDPOINT=none"}
	c.WaitDelay = 10 * time.Second
	return c
}

// Run runs a program inside and gives what it prints and its exit status, -1
// for one that could not be run or was ended by a signal.
func (n *Node) Run(args ...string) (output string, status int) {
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	defer stop()
	c := n.Inside(ctx, args...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	err := c.Run()
	if ended := new(exec.ExitError); err != nil && !errors.As(err, &ended) {
		fmt.Fprintln(&said, err)
	}
	if n.Heard != nil {
		n.Heard(said.String())
	}
	return said.String(), c.ProcessState.ExitCode()
}

// Try runs a program inside and gives what it prints: what failed shows there.
func (n *Node) Try(args ...string) string {
	output, _ := n.Run(args...)
	return output
}

// Must runs a program inside that must succeed, and gives what it prints.
func (n *Node) Must(t testing.TB, args ...string) string {
	t.Helper()
	output, status := n.Run(args...)
	if status != 0 {
		t.Fatalf("%q: status %d: %s", args, status, output)
	}
	return output
}

// Write writes a file of the node.
func (n *Node) Write(t testing.TB, name, text string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(n.Root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// Read gives a file of the node, "" for one that is not there.
func (n *Node) Read(name string) string {
	text, _ := os.ReadFile(filepath.Join(n.Root, name)) // absence shows in the emptiness
	return string(text)
}

// Await waits until something holds, for two minutes at most.
func (n *Node) Await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within two minutes\n%s", what, n.Try("journalctl", "-n", "60", "--no-pager"))
		}
	}
}

// Property is a property of a unit, as systemctl shows it.
func (n *Node) Property(unit, name string) string {
	return strings.TrimSpace(n.Try("systemctl", "show", unit, "-p", name, "--value"))
}
