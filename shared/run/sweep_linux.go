package run

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// sweepTime bounds the hunt for descendants that multiply.
const sweepTime = 2 * time.Second

// leave ends and counts what is left of the child, unless it is to be kept.
func (s *Supervisor) leave(c *child, keep bool) int {
	if keep {
		s.mu.Lock()
		s.strangers = s.strangers || s.adopts && len(s.adopted()) > 0
		s.mu.Unlock()
		return 0
	}
	seen := map[process]bool{}
	for deadline, pause := time.Now().Add(sweepTime), time.Millisecond; ; pause = min(2*pause, 20*time.Millisecond) {
		left, dying := s.left(c)
		if len(left) == 0 && !dying || time.Now().After(deadline) {
			return len(seen)
		}
		for _, p := range left {
			seen[p.identity()] = true
		}
		c.signal(syscall.SIGKILL)
		if c.cell != nil {
			c.cell.kill()
			c.cell.killed = true
		}
		for _, p := range left {
			p.kill()
		}
		time.Sleep(pause)
	}
}

// left are the processes alive that the child has left behind, and whether
// adopted ones of it are still to be buried.
func (s *Supervisor) left(c *child) (alive []process, dying bool) {
	pid, roots := c.cmd.Process.Pid, map[int]bool{}
	if c.cell != nil {
		for _, member := range c.cell.members() {
			roots[member] = true
		}
	}
	for _, p := range c.outside() {
		roots[p.pid] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.ending = true
	if s.adopts {
		for _, orphan := range bury(s.adopted()) {
			p, found := lookup(orphan)
			if found && !p.alive() {
				dying = true // ended since it was to be buried
			} else if found && s.belongs(p, c) {
				roots[orphan] = true
			}
		}
		delete(roots, pid)
		if len(roots) == 0 {
			return nil, dying // all descendants of an ended child are adopted
		}
	}
	dying = dying || s.adopts && len(roots) > 0
	return descendants(processes(), roots, pid), dying
}

// descendants are the processes alive among the roots, in the group of the
// child, or below one of both. The child itself has ended and is none.
func descendants(table []process, roots map[int]bool, child int) []process {
	for _, p := range table {
		if p.group == child {
			roots[p.pid] = true
		}
	}
	delete(roots, child)
	for grown := true; grown; {
		grown = false
		for _, p := range table {
			if roots[p.parent] && !roots[p.pid] && p.pid != child {
				roots[p.pid], grown = true, true
			}
		}
	}
	var alive []process
	for _, p := range table {
		if roots[p.pid] && p.alive() {
			alive = append(alive, p)
		}
	}
	return alive
}

// kill ends just this process: not one that has got its number since.
func (p process) kill() { p.signal(unix.SIGKILL) }

func (p process) signal(signal unix.Signal) {
	fd, err := unix.PidfdOpen(p.pid, 0)
	if err == nil {
		defer unix.Close(fd)
	}
	if now, found := lookup(p.pid); !found || now.started != p.started {
		return
	}
	switch err {
	case nil:
		_ = unix.PidfdSendSignal(fd, signal, nil, 0)
	case unix.ESRCH:
	default: // before Linux 5.3, or out of descriptors
		_ = syscall.Kill(p.pid, signal)
	}
}

// Abandoned ends the processes that children of a supervisor have left whose
// own process was killed, and tells how many.
func (s *Supervisor) Abandoned() int {
	count := 0
	for _, p := range processes() {
		if p.kernel || !p.alive() {
			continue
		}
		mark := markIn(p.pid)
		last := strings.LastIndexByte(mark, '.')
		if last < 0 {
			continue
		}
		number, _, _ := strings.Cut(mark, ".")
		pid, err := strconv.Atoi(number)
		if err != nil || pid == os.Getpid() || owner(pid) == mark[:last] {
			continue
		}
		p.kill()
		count++
	}
	if count > 0 && s.cgroups != "" {
		time.Sleep(50 * time.Millisecond) // their cgroups are empty once they are gone
		cgroup(filepath.Dir(string(s.cgroups))).clean()
	}
	return count
}
