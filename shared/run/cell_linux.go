package run

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// cell is a child's cgroup, held open: clone3(2) wants a descriptor.
type cell struct {
	cgroup
	fd     int
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

// isGone tells whether somebody has removed the cell. To a start in it the
// kernel then says ENOENT or ENODEV, as of a program that is not there.
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
	if last := len(s.spare) - 1; last >= 0 {
		c := s.spare[last]
		s.spare = s.spare[:last]
		return c
	}
	c, err := s.cgroups.cell(s.sequence)
	if err != nil {
		return nil
	}
	return c
}

// closeCell keeps an emptied cell for the next child: to make and remove one
// costs as much as a process. One that was killed is none for another child:
// Linux 6.18 kills what is started in it.
func (s *Supervisor) closeCell(c *cell) {
	if c == nil {
		return
	}
	if c.killed || !c.isBare() {
		c.remove()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cgroups != "" {
		s.spare = append(s.spare, c)
	} else {
		c.remove()
	}
}
