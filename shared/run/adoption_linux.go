package run

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// markName is the variable by which descendants of a child are known even when
// they have left its group and session, and their parents have ended.
const markName = "JETPACK_RUN"

// adoption is what a supervisor on Linux watches. Descendants whose parents
// end become children of this process (PR_SET_CHILD_SUBREAPER of prctl(2)), so
// that none is lost.
type adoption struct {
	// mu is held while a child is started and while the children of this
	// process are looked at: whoever is looked at is either in live, or adopted.
	mu       sync.Mutex
	adopts   bool
	owner    string         // this process, in marks
	children string         // the file that lists what is adopted
	live     map[int]*child // by number
	sequence uint64
	cgroups  cgroup   // of the children's cgroups
	spare    []*cell  // empty ones, for the next children
	null     *os.File // what children read; nil to open it for each
	limits   limits

	// strangers: this process may adopt what is none of its children's. Then
	// only what can be told by its mark, group or cgroup is swept.
	strangers bool
}

func (s *Supervisor) begin(o Options) {
	s.live = map[int]*child{}
	s.owner = owner(os.Getpid())
	s.children = fmt.Sprintf("/proc/%d/task/%[1]d/children", os.Getpid())
	s.adopts = s.owner != "" && unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == nil
	s.strangers = len(s.adopted()) > 0
	if o.Cgroups && s.adopts {
		s.cgroups = ownCgroup()
	}
	if null, err := os.Open(os.DevNull); err == nil {
		s.null = null
	}
	s.limits = ownLimits()
}

// Close ends the watch.
func (s *Supervisor) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cell := range s.spare {
		cell.remove()
	}
	s.cgroups.remove()
	s.limits.close()
	s.spare, s.cgroups, s.limits = nil, "", nil
	if s.null != nil {
		s.null.Close()
		s.null = nil
	}
}

// owner names a process for good: its number and when it was started.
func owner(pid int) string {
	p, found := lookup(pid)
	if !found {
		return ""
	}
	return fmt.Sprintf("%d.%d", pid, p.started)
}

func (s *Supervisor) markOf(sequence uint64) string { return fmt.Sprintf("%s.%d", s.owner, sequence) }

// markIn is the mark in a process's environment, "" if there is none or it
// cannot be read.
func markIn(pid int) string {
	for variable := range bytes.SplitSeq(environment(pid), []byte{0}) {
		if value, found := bytes.CutPrefix(variable, []byte(markName+"=")); found {
			return string(value)
		}
	}
	return ""
}

// environment is that of a process. Within exec(2) a process has none for a
// moment: an empty one is only believed after a while.
func environment(pid int) []byte {
	path := "/proc/" + strconv.Itoa(pid) + "/environ"
	for range 10 {
		text, err := os.ReadFile(path)
		if err != nil || len(text) > 0 {
			return text
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

// adopted are the children of this process that it did not start. The kernel
// gives orphans to the first living thread of their reaper, which is always
// the one that has the number of the process.
func (s *Supervisor) adopted() []int {
	var buffer [4096]byte
	text := slurp(s.children, buffer[:])
	var pids []int
	for field := range bytes.FieldsSeq(text) {
		pid, err := strconv.Atoi(string(field))
		if _, started := s.live[pid]; err == nil && !started {
			pids = append(pids, pid)
		}
	}
	return pids
}

// slurp reads a small file of the kernel into the buffer, or a larger one if
// that is too small. It leaves the poller alone, which knows nothing of such
// files and costs more than they do.
func slurp(path string, buffer []byte) []byte {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(fd)
	filled := 0
	for {
		n, err := unix.Read(fd, buffer[filled:])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 || err != nil {
			return buffer[:filled]
		}
		if filled += n; filled == len(buffer) {
			buffer = append(buffer, make([]byte, len(buffer))...)
		}
	}
}

// bury takes the status of adopted processes that have ended.
func bury(pids []int) (alive []int) {
	for _, pid := range pids {
		var status unix.WaitStatus
		if got, err := unix.Wait4(pid, &status, unix.WNOHANG, nil); got == pid || err == unix.ECHILD {
			continue
		}
		alive = append(alive, pid)
	}
	return alive
}

// belongs tells whether an adopted process is to be swept with c.
func (s *Supervisor) belongs(p process, c *child) bool {
	if mark := markIn(p.pid); mark != "" {
		sequence, ours := strings.CutPrefix(mark, s.owner+".")
		_, err := strconv.ParseUint(sequence, 10, 64)
		return mark == c.mark || ours && err == nil && !s.isLive(mark)
	}
	for _, id := range []int{p.group, p.session} {
		if _, found := s.live[id]; found {
			return id == c.cmd.Process.Pid
		}
	}
	// It hides. Once no child is left whose it might be, it has to go.
	return !s.strangers && !s.isAnyLive()
}

func (s *Supervisor) isAnyLive() bool {
	for _, c := range s.live {
		if !c.ending {
			return true
		}
	}
	return false
}

func (s *Supervisor) isLive(mark string) bool {
	for _, c := range s.live {
		if c.mark == mark {
			return true
		}
	}
	return false
}

func copyOf(cmd *exec.Cmd) *exec.Cmd {
	return &exec.Cmd{
		Path: cmd.Path, Args: cmd.Args, Dir: cmd.Dir, Env: cmd.Env,
		Stdin: cmd.Stdin, Stdout: cmd.Stdout, Stderr: cmd.Stderr, SysProcAttr: cmd.SysProcAttr,
	}
}
