package run

import "golang.org/x/sys/unix"

type platform struct{}

// await returns when the child has ended and leaves it unreaped, so that its
// number still names its group and nothing else.
func (c *child) await() {
	for unix.Waitid(unix.P_PID, c.cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
}

// reap takes the ended child's status.
func (c *child) reap() (int, string) {
	_ = c.cmd.Wait() // says by an error what status says in full
	return c.status()
}
