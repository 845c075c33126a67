package run

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// cgroup is the folder of a cgroup of version 2; "" is none.
type cgroup string

// ownCgroup makes a cgroup below the one this process is in, for the cgroups
// of its children: "" where that is not ours to do. It is in a subtree that
// systemd has delegated, and for root in the root of the tree it sees.
func ownCgroup() cgroup {
	path, mount := cgroupPath(""), cgroupMount("cgroup2", "")
	if path == "" || mount == "" {
		return ""
	}
	at := filepath.Join(mount, path)
	if !(path == "/" && os.Geteuid() == 0) && !delegated(at) {
		return ""
	}
	cgroup(at).clean()
	own := filepath.Join(at, prefix+strconv.Itoa(os.Getpid()))
	if err := os.Mkdir(own, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return ""
	}
	if group := cgroup(own); group.works() {
		return group
	}
	return ""
}

const prefix = "jetpack-"

// clean removes cgroups that supervisors have left who were killed. Those with
// processes in them stay.
func (g cgroup) clean() {
	for _, below := range g.below() {
		number, found := strings.CutPrefix(filepath.Base(string(below)), prefix)
		pid, err := strconv.Atoi(number)
		if _, alive := lookup(pid); found && err == nil && !alive {
			for _, child := range below.below() {
				_ = syscall.Rmdir(string(child))
			}
			_ = syscall.Rmdir(string(below))
		}
	}
}

// works tries whether a process can live in a cgroup made below g, and
// removes g if none can. In a service that was once killed by its cgroup,
// Linux 6.18 kills it at once.
func (g cgroup) works() bool {
	cell, err := g.cell(0)
	if err == nil {
		cmd := exec.Command("/bin/sh", "-c", ":")
		cmd.Env = []string{} // ours may hold a password
		cmd.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: cell.fd}
		err = cmd.Run()
		cell.remove()
	}
	if err != nil {
		g.remove()
	}
	return err == nil
}

// cgroupPath is the cgroup of this process in the hierarchy of a controller, or
// in that of version 2, which is "": a line "NUMBER:CONTROLLERS:PATH", cgroups(7).
func cgroupPath(controller string) string {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(fields) == 3 && slices.Contains(strings.Split(fields[1], ","), controller) {
			return fields[2]
		}
	}
	return ""
}

// cgroupMount is where a hierarchy is mounted that has an option: see proc(5).
func cgroupMount(kind, option string) string {
	file, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return ""
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		place, what, _ := strings.Cut(lines.Text(), " - ")
		fields, options := strings.Fields(place), strings.Fields(what)
		if len(fields) > 4 && len(options) == 3 && options[0] == kind &&
			(option == "" || slices.Contains(strings.Split(options[2], ","), option)) {
			return fields[4]
		}
	}
	return ""
}

// delegated tells whether systemd says that a cgroup is its service's to use
// (Delegate= of systemd.resource-control(5)).
func delegated(path string) bool {
	for _, name := range []string{"user.delegate", "trusted.delegate"} {
		value := make([]byte, 8)
		if n, err := unix.Getxattr(path, name, value); err == nil && string(value[:n]) == "1" {
			return true
		}
	}
	return false
}

// isCgroupTrouble tells whether a start can have failed for its cgroup: an old
// kernel, a sandbox without clone3, a cgroup that takes no processes.
func isCgroupTrouble(err error) bool {
	for _, number := range []syscall.Errno{
		syscall.ENOSYS, syscall.EINVAL, syscall.EPERM, syscall.EBUSY, syscall.EOPNOTSUPP, syscall.EBADF,
	} {
		if errors.Is(err, number) {
			return true
		}
	}
	return false
}

// members are the numbers of the processes in the cgroup and those below it.
func (g cgroup) members() []int {
	if g == "" {
		return nil
	}
	var members []int
	var buffer [4096]byte
	for field := range bytes.FieldsSeq(slurp(string(g)+"/cgroup.procs", buffer[:])) {
		if pid, err := strconv.Atoi(string(field)); err == nil && pid > 0 {
			members = append(members, pid)
		}
	}
	for _, below := range g.below() {
		members = append(members, below.members()...)
	}
	return members
}

// below are the cgroups directly below: the folder has two links and one for
// each of them.
func (g cgroup) below() []cgroup {
	var stat unix.Stat_t
	if err := unix.Stat(string(g), &stat); err != nil || stat.Nlink == 2 {
		return nil
	}
	entries, _ := os.ReadDir(string(g))
	var groups []cgroup
	for _, entry := range entries {
		if entry.IsDir() {
			groups = append(groups, cgroup(filepath.Join(string(g), entry.Name())))
		}
	}
	return groups
}

// isAsNew tells whether neither a process nor another cgroup is in the cgroup,
// and nothing was done to it that the next process in it would feel.
func (g cgroup) isAsNew() bool {
	var buffer [4096]byte
	events := slurp(string(g)+"/cgroup.events", buffer[:])
	return bytes.Contains(events, []byte("populated 0")) && !bytes.Contains(events, []byte("frozen 1")) &&
		len(g.below()) == 0 && len(slurp(string(g)+"/cgroup.subtree_control", buffer[:])) <= 1
}

// kill ends all processes of the cgroup at once, where the kernel can
// (Linux 5.14).
func (g cgroup) kill() {
	if g != "" {
		_ = os.WriteFile(filepath.Join(string(g), "cgroup.kill"), []byte("1"), 0)
	}
}

// remove removes the cgroup, which the kernel allows once its processes are
// gone.
func (g cgroup) remove() {
	if g == "" {
		return
	}
	for range 100 {
		err := syscall.Rmdir(string(g))
		if err == nil || !errors.Is(err, syscall.EBUSY) {
			return
		}
		for _, below := range g.below() {
			_ = syscall.Rmdir(string(below))
		}
		time.Sleep(time.Millisecond)
	}
}
