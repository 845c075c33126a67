//go:build linux

package booted

import (
	"os"
	"syscall"
	"testing"
)

// A node boots, is cut off, boots again with what it had, and is powered off.
func TestNode(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root to boot a node")
	}
	n := New(t)
	n.Boot(t)
	n.Must(t, "sh", "-c", "echo kept >/root/note; sync")
	first := n.first()
	n.Cut()
	if err := syscall.Kill(first, 0); first == 0 || err != syscall.ESRCH {
		t.Errorf("the node's first process, %d, outlives the cut: %v", first, err)
	}
	n.Boot(t)
	if got := n.Read("root/note"); got != "kept\n" || n.Must(t, "cat", "/root/note") != got {
		t.Errorf("after the cut: %q", got)
	}
	if out, status := n.Run("sh", "-c", "echo $JETPACK_IMDS_ENDPOINT; exit 7"); out != "none\n" || status != 7 {
		t.Errorf("%q, status %d", out, status)
	}
	n.PowerOff(t)
}
