package run

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// platform is how the child is known beside its group.
type platform struct {
	mark  string // the value of its environment's markName; "" without a watch
	group cgroup // "" without one

	ending bool // it has ended, and what it left is being swept
}

// startChild starts the child as the leader of a process group, in a cgroup of
// its own where that can be had.
func (s *Supervisor) startChild(c *child, p Process) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	attributes := &syscall.SysProcAttr{Setpgid: true}
	c.cmd.SysProcAttr = attributes
	if s.adopts && !p.KeepDescendants {
		s.sequence++
		c.mark = s.markOf(s.sequence)
		c.cmd.Env = append(c.cmd.Env[:len(c.cmd.Env):len(c.cmd.Env)], markName+"="+c.mark)
	}
	folder := s.openGroup(c, p)
	if folder != nil {
		defer folder.Close()
		attributes.UseCgroupFD, attributes.CgroupFD = true, int(folder.Fd())
	}
	err := c.cmd.Start()
	if err != nil && folder != nil {
		c.group.remove()
		c.group = ""
		if isCgroupTrouble(err) {
			s.cgroups = "" // not to be had after all
			attributes.UseCgroupFD = false
			c.cmd = copyOf(c.cmd)
			err = c.cmd.Start()
		}
	}
	if err == nil && s.adopts {
		s.live[c.cmd.Process.Pid] = c
	}
	return err
}

// openGroup makes the child's cgroup: nil where there is none. What is to
// outlive its child gets none, for a cgroup with processes cannot be removed.
func (s *Supervisor) openGroup(c *child, p Process) *os.File {
	if s.cgroups == "" || p.KeepDescendants {
		return nil
	}
	group, folder, err := s.cgroups.make(s.sequence)
	if err != nil {
		return nil
	}
	c.group = group
	return folder
}

// await returns when the child has ended and leaves it unreaped, so that its
// number still names its group and nothing else.
func (c *child) await() {
	for unix.Waitid(unix.P_PID, c.cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
}

// reap takes the ended child's status and forgets the child.
func (s *Supervisor) reap(c *child) (int, string) {
	s.mu.Lock()
	_ = c.cmd.Wait() // says by an error what status says in full; does not block
	delete(s.live, c.cmd.Process.Pid)
	s.mu.Unlock()
	c.group.remove()
	return c.status()
}
