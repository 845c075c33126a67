//go:build unix

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestOutboxManyPrograms: 200 programs write at once while others try to
// flush, and every message is there once.
func TestOutboxManyPrograms(t *testing.T) {
	s := newStation(t, nil, buildPrograms(t, "jetpack-log", "jetpack-send"), connectTo("amqp://127.0.0.1:1"))
	s.ok(t, "", "jetpack-log", "0")
	var programs sync.WaitGroup
	slots := make(chan struct{}, 50)
	for i := range 200 {
		programs.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if i%20 == 0 {
				s.run(t, "", "jetpack-send", "--flush", "--timeout=100ms") // in vain
			}
			if r := s.run(t, "", "jetpack-log", fmt.Sprint(i+1)); r.status != 0 || r.stderr != "" {
				t.Errorf("status %d, stderr %q", r.status, r.stderr)
			}
		})
	}
	programs.Wait()
	if n := s.pending(t); n != 201 {
		t.Errorf("%d messages pending, want 201", n)
	}
	log, err := os.ReadFile(filepath.Join(s.home, "logs", "jetpack.log"))
	if err != nil || strings.Count(string(log), "\n") != 201 {
		t.Errorf("%d lines in jetpack.log, %v", strings.Count(string(log), "\n"), err)
	}
}

// TestOutboxDiskFull: a full disk has a status and a sentence, leaves no half
// record, and costs none of the messages before it.
func TestOutboxDiskFull(t *testing.T) {
	s := newStation(t, nil, buildPrograms(t, "jetpack-send"), connectTo("amqp://127.0.0.1:1"))
	script := `mount -t tmpfs -o size=256k none "$1/run" || exit 99
i=0
while "$2/jetpack-send" -k full -f "$3" 2>"$1/error" || { status=$?; false; }; do i=$((i+1)); [ $i -lt 500 ] || exit 98; done
echo "$status $i $("$2/jetpack-send" --pending | wc -l) $("$2/jetpack-send" --pending -v 2>&1 | grep -c damaged)"
rm "$1/run/"*.json; "$2/jetpack-send" --strict -k full x 2>/dev/null; echo $?`
	for _, dir := range []string{"run", "logs"} {
		if err := os.Mkdir(filepath.Join(s.home, dir), 0o750); err != nil {
			t.Fatal(err)
		}
	}
	s.write(t, "body", strings.Repeat("0123456789", 1_000))
	args := []string{"-m", "sh", "-c", script, "sh", s.home, s.bin, filepath.Join(s.home, "body")}
	if os.Getuid() != 0 {
		args = append([]string{"-r"}, args...)
	}
	cmd := exec.CommandContext(t.Context(), "unshare", args...)
	cmd.Env = append(os.Environ(), "JETPACK_HOME="+s.home)
	cmd.WaitDelay = time.Minute
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s (unshare is in util-linux)", err, out)
	}
	var status, sent, pending, damaged, strict int
	if _, err := fmt.Sscan(string(out), &status, &sent, &pending, &damaged, &strict); err != nil {
		t.Fatalf("%q: %v", out, err)
	}
	if want := []int{75, sent, 0, 75}; sent < 10 || !reflect.DeepEqual([]int{status, pending, damaged, strict}, want) {
		t.Errorf("status %d, sent %d, pending %d, damaged %d, strict %d", status, sent, pending, damaged, strict)
	}
	text, err := os.ReadFile(filepath.Join(s.home, "error"))
	if err != nil || !strings.Contains(string(text), "no space left on device") {
		t.Errorf("says %q, %v", text, err)
	}
}
