//go:build !linux && !windows

package run

type platform struct{}

// await returns when the child has ended.
func (c *child) await() { _ = c.cmd.Wait() }

// reap takes the ended child's status.
func (c *child) reap() (int, string) { return c.status() }

// sweep kills what is left of the child's group, uncounted: this system does
// not tell who is in it.
func (s *Supervisor) sweep(c *child) int {
	c.kill()
	return 0
}
