package run

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// cell is a child's cgroup, held open: clone3(2) wants a descriptor.
type cell struct {
	cgroup
	fd     int
	used   bool // a child has lived in it
	killed bool // all in it were
}

// cell makes a cell below g.
func (g cgroup) cell(number uint64) (*cell, error) {
	path := filepath.Join(string(g), strconv.FormatUint(number, 10))
	if err := os.Mkdir(path, 0o755); err != nil {
		return nil, err
	}
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		os.Remove(path)
		return nil, err
	}
	return &cell{cgroup: cgroup(path), fd: fd}, nil
}

// isGone tells whether somebody has removed the cell.
func (c *cell) isGone() bool {
	_, err := os.Stat(string(c.cgroup))
	return errors.Is(err, fs.ErrNotExist)
}

func (c *cell) remove() {
	unix.Close(c.fd)
	c.cgroup.remove()
}

// openCell takes a cell for a child: nil where there is none. What is to
// outlive its child gets none, for nothing would ever remove it.
func (s *Supervisor) openCell(p Process) *cell {
	if s.cgroups == "" || p.KeepDescendants {
		return nil
	}
	for last := len(s.spare) - 1; last >= 0; last-- {
		c := s.spare[last]
		s.spare = s.spare[:last]
		if !c.isGone() {
			return c
		}
		c.remove()
	}
	c, err := s.cgroups.cell(s.sequence)
	if errors.Is(err, fs.ErrNotExist) { // somebody has removed the one above
		_ = os.Mkdir(string(s.cgroups), 0o755)
		c, err = s.cgroups.cell(s.sequence)
	}
	if err != nil {
		return nil
	}
	return c
}

// startOutside starts a child anew that could not be started in its cell, and
// finds out by that whether the cell is to blame: the kernel says ENOENT or
// ENODEV of one that somebody has removed, as of a program that is not there.
func (s *Supervisor) startOutside(c *child, refused error) error {
	cell := c.cell
	c.cell = nil
	if errors.Is(refused, syscall.ENOEXEC) { // said of a file by a child that was in its cell
		s.keep(cell)
		return refused
	}
	c.cmd = copyOf(c.cmd)
	c.cmd.SysProcAttr.UseCgroupFD = false
	if err := c.cmd.Start(); err != nil {
		s.keep(cell)
		return err
	}
	if isCgroupTrouble(refused) && !cell.used && !cell.isGone() {
		s.cgroups = "" // not to be had after all
	}
	cell.remove()
	return nil
}

// closeCell gives back the cell of a child that has ended.
func (s *Supervisor) closeCell(c *cell) {
	if c == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.used = true
	s.keep(c)
}

// keep keeps an emptied cell for the next child: to make and remove one costs
// as much as a process. One that was killed is none for another child: Linux
// 6.18 kills what is started in it.
func (s *Supervisor) keep(c *cell) {
	if s.cgroups == "" || c.killed || !c.isAsNew() {
		c.remove()
		return
	}
	s.spare = append(s.spare, c)
}
