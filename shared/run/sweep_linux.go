package run

// sweep kills what is left of the child's group and counts it.
func (s *Supervisor) sweep(c *child) int {
	pid := c.cmd.Process.Pid
	left := 0
	for _, p := range processes() {
		if p.group == pid && p.pid != pid && p.alive() {
			left++
		}
	}
	c.kill()
	return left
}
