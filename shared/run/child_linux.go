package run

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// platform is how the child is known beside its group.
type platform struct {
	end  int    // a descriptor that becomes readable by the child's end; -1 if none is to be had
	mark string // the value of its environment's markName; "" without a watch
	cell *cell  // nil without one

	ending  bool      // it has ended, and what it left is being swept
	refused int       // processes that limits had refused before it
	below   []process // descendants when it had to be stopped, of one that may leave some
}

// startChild starts the child as the leader of a process group, in a cgroup of
// its own where that can be had.
func (s *Supervisor) startChild(c *child, p Process) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.end = -1
	attributes := &syscall.SysProcAttr{Setpgid: !p.KeepDescendants, Setsid: p.KeepDescendants, PidFD: &c.end}
	c.cmd.SysProcAttr = attributes
	if s.adopts && !p.KeepDescendants {
		s.sequence++
		c.mark = s.markOf(s.sequence)
		c.cmd.Env = append(c.cmd.Env[:len(c.cmd.Env):len(c.cmd.Env)], markName+"="+c.mark)
	}
	if c.cell = s.openCell(p); c.cell != nil {
		attributes.UseCgroupFD, attributes.CgroupFD = true, c.cell.fd
	}
	if c.cmd.Stdin == nil && s.null != nil {
		c.cmd.Stdin = s.null
	}
	c.refused = s.limits.refused()
	err := c.cmd.Start()
	if err != nil && c.cell != nil {
		err = s.startOutside(c, err)
	}
	if err != nil {
		return err
	}
	if c.end < 0 {
		c.end = endOf(c.cmd.Process.Pid)
	}
	if s.adopts {
		s.live[c.cmd.Process.Pid] = c
	}
	return nil
}

// refusals are the processes that limits have refused since the child's start.
func (s *Supervisor) refusals(c *child) int { return s.limits.refused() - c.refused }

// reap takes the ended child's status and forgets the child.
func (s *Supervisor) reap(c *child) (int, string) {
	s.mu.Lock()
	_ = c.cmd.Wait() // says by an error what status says in full; does not block
	delete(s.live, c.cmd.Process.Pid)
	s.mu.Unlock()
	if c.end >= 0 {
		unix.Close(c.end)
	}
	status, signal := c.status()
	if c.cell != nil && signal == "SIGKILL" {
		c.cell.killed = true // by whom, and what else, nobody knows
	}
	s.closeCell(c.cell)
	return status, signal
}
