//go:build !linux && !windows

package run

import "syscall"

type platform struct{ awaiting }

// adoption is not to be had on this system.
type adoption struct{}

func (s *Supervisor) begin(Options) {}

// startChild starts the child as the leader of a process group.
func (s *Supervisor) startChild(c *child, p Process) error {
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: !p.KeepDescendants, Setsid: p.KeepDescendants}
	err := c.cmd.Start()
	if err == nil {
		c.begin(func() { _ = c.cmd.Wait() })
	}
	return err
}

// refusals are not known on this system.
func (s *Supervisor) refusals(*child) int { return 0 }

// note notes nothing: this system does not tell who is below the child.
func (c *child) note() {}

func (c *child) terminateOutside() {}

// reap takes the ended child's status.
func (s *Supervisor) reap(c *child) (int, string) { return c.status() }

// leave ends what is left of the child's group, unless it is to be kept,
// uncounted: this system does not tell who is in it.
func (s *Supervisor) leave(c *child, keep bool) int {
	if !keep {
		c.signal(syscall.SIGKILL)
	}
	return 0
}

// Abandoned ends what an earlier supervisor left: this system does not tell
// what that is.
func (s *Supervisor) Abandoned() int { return 0 }

// Close ends the watch.
func (s *Supervisor) Close() {}
