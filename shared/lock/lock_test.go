package lock

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain turns the test binary into a process that holds a lock, so that
// the tests prove the lock between real processes.
func TestMain(m *testing.M) {
	if path := os.Getenv("HOLD_LOCK"); path != "" {
		if _, err := Acquire(context.Background(), path, 0); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("held")
		bufio.NewReader(os.Stdin).ReadByte()
		return
	}
	os.Exit(m.Run())
}

func hold(t *testing.T, path string) (*exec.Cmd, func()) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "HOLD_LOCK="+path)
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("child says %q, %v", line, err)
	}
	return child, func() { in.Close(); child.Wait() }
}

func TestHeldNamesTheHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "converge.lock")
	child, letGo := hold(t, path)
	_, err := Acquire(t.Context(), path, 30*time.Millisecond)
	var held *HeldError
	if !errors.As(err, &held) || !strings.HasPrefix(held.Holder, fmt.Sprintf("pid %d, since 2", child.Process.Pid)) {
		t.Errorf("error %v does not name pid %d", err, child.Process.Pid)
	}
	letGo()
	l, err := Acquire(t.Context(), path, 5*time.Second) // not 0: our own wait above may still be in the way
	if err != nil {
		t.Fatalf("not free after its holder ended: %v", err)
	}
	if err := l.Release(); err != nil {
		t.Error(err)
	}
}

// A signature is there as a whole while another is written over it.
func TestSignatureIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l")
	l, err := Acquire(t.Context(), path, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Release()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		for ctx.Err() == nil {
			sign(path)
		}
	}()
	want := fmt.Sprintf("pid %d, since 2", os.Getpid())
	for range 2000 {
		if got := holder(path); !strings.HasPrefix(got, want) {
			t.Fatalf("holder %q", got)
		}
	}
}

func TestDeathFrees(t *testing.T) {
	path := filepath.Join(t.TempDir(), "converge.lock")
	child, letGo := hold(t, path)
	child.Process.Kill()
	letGo()
	l, err := Acquire(t.Context(), path, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	l.Release()
}

func TestWaitEndsWithContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "converge.lock")
	_, letGo := hold(t, path)
	defer letGo()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Acquire(ctx, path, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestForgedHolderIsNotPrinted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l")
	os.WriteFile(path, []byte("pid 1\x1b[31m"), 0o600)
	if got := holder(path); got != "another process" {
		t.Errorf("holder %q", got)
	}
}
