//go:build !windows

package run

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// terminate asks the child's group to end, and who is below it outside of that.
// Stopped processes are woken, for they would not hear it.
func (c *child) terminate() {
	c.signal(syscall.SIGTERM)
	c.signal(syscall.SIGCONT)
	c.terminateOutside()
}

// kill ends the child itself. The sweep ends the others.
func (c *child) kill() { _ = c.cmd.Process.Kill() }

func (c *child) signal(s syscall.Signal) { _ = syscall.Kill(-c.cmd.Process.Pid, s) }

// status is how the reaped child ended.
func (c *child) status() (int, string) {
	state := c.cmd.ProcessState
	if state == nil {
		return -1, ""
	}
	if wait, ok := state.Sys().(syscall.WaitStatus); ok && wait.Signaled() {
		return -1, unix.SignalName(wait.Signal())
	}
	return state.ExitCode(), ""
}
