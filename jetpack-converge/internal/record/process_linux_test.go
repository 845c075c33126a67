package record

import (
	"os/exec"
	"testing"
	"time"
)

// A process that nobody has waited for is dead.
func TestAlive(t *testing.T) {
	child := exec.Command("/bin/cat")
	in, err := child.StdinPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	p := &Process{PID: child.Process.Pid, Boot: boot()}
	if !p.alive() {
		t.Error("a process that runs is dead")
	}
	in.Close()
	for end := time.Now().Add(10 * time.Second); p.alive(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a process that has ended is alive")
		}
	}
	child.Wait()
}
