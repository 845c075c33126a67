//go:build linux

package booted

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Room is a container without a boot: the root folder of an image, which stays
// as it is, no network but loopback, and a process that waits for the end.
type Room struct{ container *exec.Cmd }

// NewRoom opens one, in which the folders are what they are outside.
func NewRoom(t testing.TB, image string, folders ...string) *Room {
	t.Helper()
	args := []string{"-q", "-D", image, "--volatile=overlay", "--private-network", "--pipe", "--as-pid2", "--drop-capability=CAP_SYS_BOOT"}
	for _, folder := range folders {
		args = append(args, "--bind="+folder)
	}
	// Should the test die, cat reads the end of the file.
	args = append(args, fmt.Sprintf("--machine=%s-%d", filepath.Base(image), os.Getpid()), "/bin/sh", "-c", "echo open; exec cat")
	container, leave, err := Container(context.Background(), args...)
	if err != nil {
		t.Fatal(err)
	}
	// Another test run may have a room of the same image, which neither changes.
	container.Env = append(os.Environ(), "SYSTEMD_NSPAWN_LOCK=0")
	in, err := container.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := container.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	container.Stderr = &complaints
	if err := container.Start(); err != nil {
		leave()
		t.Fatalf("%v (apt-get install systemd-container)", err)
	}
	t.Cleanup(func() {
		in.Close() // cat ends, and with it whatever runs in the room
		container.Wait()
		leave()
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "open\n" {
		in.Close()
		container.Wait()
		t.Fatalf("the room says %q, %v: %s", line, err, complaints.String())
	}
	return &Room{container}
}

// Inside is a program that will run in the room, as root, with an environment
// that holds no more than a PATH.
func (r *Room) Inside(ctx context.Context, args ...string) *exec.Cmd {
	return inside(ctx, firstOf(r.container), args)
}
