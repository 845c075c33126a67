//go:build unix

package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestDeliveryTimeouts: one --timeout bounds each step to a server that never
// answers, and the step is told. TestBrokerAway/stalls has those after a
// broker's first words.
func TestDeliveryTimeouts(t *testing.T) {
	bin := buildPrograms(t, "jetpack-send")
	send := []string{"jetpack-send", "--strict", "--timeout=1s", "-k", "a", "x"}
	silent := silentServer(t)
	for name, c := range map[string]struct{ connection, words string }{
		"connect":         {connectTo("amqp://" + fullServer(t)), "cannot reach broker 127.0.0.1:"},
		"greeting":        {connectTo("amqp://" + silent), "cannot reach broker " + silent + ": no answer in time"},
		"handshake":       {connectTo("amqps://" + silent), "cannot reach broker " + silent + ": no answer in time"},
		"https handshake": {fmt.Sprintf(`{"url": "https://%s"}`, silent), "cannot reach server " + silent + ": no answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStation(t, nil, bin, c.connection)
			r := s.refused(t, 75, c.words, send...)
			if !strings.Contains(r.stderr, "no answer in time") {
				t.Errorf("stderr %q", r.stderr)
			}
			if r.took < 900*time.Millisecond || r.took > 4*time.Second {
				t.Errorf("took %v", r.took)
			}
		})
	}
	t.Run("name", func(t *testing.T) {
		t.Parallel()
		silentResolver(t, newStation(t, nil, bin, connectTo("amqp://broker.example")), send)
	})
}

// silentServer takes connections and never says a word.
func silentServer(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
		}
	}()
	return l.Addr().String()
}

// fullServer has no room for another connection: to connect takes for ever.
func fullServer(t *testing.T) (address string) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address = fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	for {
		conn, err := net.DialTimeout("tcp4", address, 300*time.Millisecond)
		if err != nil {
			return address
		}
		t.Cleanup(func() { conn.Close() })
	}
}

// silentResolver sends a message where name servers take questions and answer
// none: in a network and a file system of its own.
func silentResolver(t *testing.T, s *station, send []string) {
	resolv := filepath.Join(s.home, "resolv.conf")
	if err := os.WriteFile(resolv, []byte("nameserver 127.0.0.1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	script := `ip link set lo up && mount --bind "$1" /etc/resolv.conf || exit 99
python3 -c 'import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 53))
print("bound", flush=True)
time.sleep(60)' >"$1.ready" &
server=$!
while ! [ -s "$1.ready" ]; do sleep 0.05; done
shift
"$@"
status=$?
kill $server
exit $status`
	args := append([]string{"-n", "-m", "sh", "-c", script, "sh", resolv, filepath.Join(s.bin, send[0])}, send[1:]...)
	if os.Getuid() != 0 {
		args = append([]string{"-r"}, args...)
	}
	cmd := exec.CommandContext(t.Context(), "unshare", args...)
	cmd.Env = append(os.Environ(), "JETPACK_HOME="+s.home)
	cmd.WaitDelay = time.Minute
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatalf("%v (unshare is in util-linux)", err)
	}
	if cmd.ProcessState.ExitCode() != 75 || !strings.Contains(string(out), `cannot resolve "broker.example": no answer in time`) || time.Since(start) > 10*time.Second {
		t.Errorf("status %d after %v: %s (ip is in iproute2, mount in util-linux)", cmd.ProcessState.ExitCode(), time.Since(start), out)
	}
}
