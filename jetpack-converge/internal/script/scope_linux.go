package script

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// scopeTime is how long systemd may take to make a scope.
const scopeTime = 10 * time.Second

type scope struct {
	name    string
	folders []string       // its cgroups, one in each hierarchy that has one of its own
	service string         // the list of the processes in our own cgroup
	hold    io.WriteCloser // ends the process that keeps it alive
	keeper  *exec.Cmd
}

// OpenScope has systemd make a scope beside all services, where systemd runs
// the machine and this process is root. A process that does nothing keeps it
// until Close, or until this process dies: the pipe between them breaks then.
func OpenScope() *Scope {
	if info, err := os.Stat("/run/systemd/system"); err != nil || !info.IsDir() || os.Geteuid() != 0 {
		return new(Scope)
	}
	// systemd before 253 does not know the first one for scopes.
	for _, properties := range [][]string{{"OOMPolicy=continue", "TasksMax=infinity"}, {"TasksMax=infinity"}} {
		if s := tryScope(properties); s != nil {
			return s
		}
	}
	return new(Scope)
}

func tryScope(properties []string) *Scope {
	s := new(Scope)
	s.name = fmt.Sprintf("jetpack-scripts-%d-%d.scope", os.Getpid(), time.Now().UnixMilli())
	args := []string{"--scope", "--quiet", "--collect", "--unit=" + s.name, "--description=What cluster-init scripts have started",
		"--property=Before=jetpack-converge.service"} // at shutdown the converge is stopped first, and stops its script itself
	for _, property := range properties {
		args = append(args, "--property="+property)
	}
	s.keeper = exec.Command("/usr/bin/systemd-run", append(args, "/bin/cat")...)
	s.keeper.Env = []string{"PATH=" + defaultPath}
	hold, err := s.keeper.StdinPipe()
	if err != nil {
		return nil
	}
	s.hold = hold
	answer, err := s.keeper.StdoutPipe()
	if err != nil || s.keeper.Start() != nil {
		hold.Close()
		return nil
	}
	// It answers once it is in the scope.
	impatience := time.AfterFunc(scopeTime, func() { _ = s.keeper.Process.Kill() })
	_, _ = io.WriteString(hold, "\n")
	_, err = bufio.NewReader(answer).ReadString('\n')
	impatience.Stop()
	if err == nil {
		s.folders = cgroupFolders(s.keeper.Process.Pid, s.name)
		s.service = filepath.Join(ownCgroup(), "cgroup.procs")
	}
	if len(s.folders) == 0 {
		s.Close()
		return nil
	}
	return s
}

// Close ends the scope once nothing lives in it any more.
func (s *Scope) Close() {
	if s.keeper != nil {
		s.hold.Close()
		_ = s.keeper.Wait()
		s.keeper = nil
	}
}

// add moves a script into the scope, with all that it will start and what it
// has started already, which bears its label: a script may be faster than we.
func (s *Scope) add(pid int, id string) {
	if len(s.folders) == 0 {
		return
	}
	s.move(pid)
	for range maxPasses {
		left, _ := os.ReadFile(s.service)
		followers := slices.DeleteFunc(strings.Fields(string(left)), func(pid string) bool { return !carries(pid, label+"="+id) })
		if len(followers) == 0 {
			return
		}
		for _, follower := range followers {
			if pid, err := strconv.Atoi(follower); err == nil {
				s.move(pid)
			}
		}
	}
}

// maxPasses bounds the race against a script that starts one process after
// another: what is started by one that was moved is in the scope already.
const maxPasses = 20

func (s *Scope) move(pid int) {
	for _, folder := range s.folders {
		_ = os.WriteFile(filepath.Join(folder, "cgroup.procs"), []byte(strconv.Itoa(pid)), 0)
	}
}

// ownCgroup is the folder of the cgroup that systemd has started us in.
func ownCgroup() (folder string) {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return ""
	}
	mounts := cgroupMounts()
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) == 3 && (fields[1] == "" || fields[1] == "name=systemd") && mounts[fields[1]] != "" {
			folder = filepath.Join(mounts[fields[1]], fields[2])
		}
	}
	return folder
}

// cgroupFolders are the folders of the process's cgroups that are called name.
func cgroupFolders(pid int, name string) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil {
		return nil
	}
	mounts := cgroupMounts()
	var folders []string
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) == 3 && filepath.Base(fields[2]) == name && mounts[fields[1]] != "" {
			folders = append(folders, filepath.Join(mounts[fields[1]], fields[2]))
		}
	}
	return folders
}

// cgroupMounts is where each hierarchy is mounted, by its name in
// /proc/PID/cgroup: "" is version 2, else controllers with commas, see
// cgroups(7).
func cgroupMounts() map[string]string {
	text, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil
	}
	mounts := map[string]string{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) < 4:
		case fields[2] == "cgroup2":
			mounts[""] = fields[1]
		case fields[2] == "cgroup" && strings.Contains(","+fields[3]+",", ",name=systemd,"):
			mounts["name=systemd"] = fields[1]
		case fields[2] == "cgroup":
			mounts[filepath.Base(fields[1])] = fields[1] // systemd names the folder after its controllers
		}
	}
	return mounts
}
