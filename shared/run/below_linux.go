package run

import "golang.org/x/sys/unix"

// note notes who is below the child. Once that has ended, its children are
// nobody's: Chef starts each command in a session of its own, and the one that
// hangs would outlive the Chef that was stopped for it.
func (c *child) note() {
	pid := c.cmd.Process.Pid
	c.below = append(c.below, descendants(processes(), map[int]bool{pid: true}, noGroup)...)
}

// noGroup is no process's group.
const noGroup = -1

// terminateOutside asks those to end that the signal to the group misses.
func (c *child) terminateOutside() {
	for _, p := range c.outside() {
		p.signal(unix.SIGTERM)
		p.signal(unix.SIGCONT)
	}
}

// outside are those noted that no signal to the child's group reaches, as far
// as they live.
func (c *child) outside() (alive []process) {
	for _, p := range c.below {
		if now, found := lookup(p.pid); found && now.started == p.started && now.alive() && now.group != c.cmd.Process.Pid {
			alive = append(alive, now)
		}
	}
	return alive
}
