package run

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// platform is how the child is known beside its group.
type platform struct {
	pidfd int    // -1 where the kernel has none
	mark  string // the value of its environment's markName; "" without a watch
	group cgroup // "" without one

	ending bool // it has ended, and what it left is being swept
	killed bool // so was its cgroup, which is then of no more use
}

// startChild starts the child as the leader of a process group, in a cgroup of
// its own where that can be had.
func (s *Supervisor) startChild(c *child, p Process) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.pidfd = -1
	attributes := &syscall.SysProcAttr{Setpgid: true, PidFD: &c.pidfd}
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

// openGroup takes a cgroup for the child: nil where there is none. What is to
// outlive its child gets none, for nothing would ever remove it.
func (s *Supervisor) openGroup(c *child, p Process) *os.File {
	if s.cgroups == "" || p.KeepDescendants {
		return nil
	}
	if last := len(s.spare) - 1; last >= 0 {
		folder, err := os.Open(string(s.spare[last]))
		if err == nil {
			c.group, s.spare = s.spare[last], s.spare[:last]
			return folder
		}
	}
	group, folder, err := s.cgroups.make(s.sequence)
	if err != nil {
		return nil
	}
	c.group = group
	return folder
}

// closeGroup keeps an emptied cgroup for the next child: to make and remove
// one costs as much as a process. One that was killed is none for another
// child: Linux 6.18 kills what is started in it.
func (s *Supervisor) closeGroup(c *child) {
	if c.group == "" {
		return
	}
	if c.killed || len(c.group.members()) > 0 || len(c.group.below()) > 0 {
		c.group.remove()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cgroups != "" {
		s.spare = append(s.spare, c.group)
	} else {
		c.group.remove()
	}
}

// await returns when the child has ended and leaves it unreaped, so that its
// number still names its group and nothing else.
func (c *child) await() {
	if !c.awaitPoll() {
		for unix.Waitid(unix.P_PID, c.cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
		}
	}
}

// awaitPoll waits without a thread that does nothing else: a pidfd becomes
// readable by the process's end. It fails before Linux 5.3.
func (c *child) awaitPoll() bool {
	if c.pidfd < 0 || unix.SetNonblock(c.pidfd, true) != nil {
		return false
	}
	file := os.NewFile(uintptr(c.pidfd), "pidfd")
	defer file.Close()
	poll, err := file.SyscallConn()
	if err != nil {
		return false
	}
	err = poll.Read(func(fd uintptr) bool {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(fds, 0)
		return n > 0 || err != nil && err != unix.EINTR
	})
	return err == nil
}

// reap takes the ended child's status and forgets the child.
func (s *Supervisor) reap(c *child) (int, string) {
	s.mu.Lock()
	_ = c.cmd.Wait() // says by an error what status says in full; does not block
	delete(s.live, c.cmd.Process.Pid)
	s.mu.Unlock()
	s.closeGroup(c)
	return c.status()
}
