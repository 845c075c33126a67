package run

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// limits are the pids.events of the cgroups this process is in, held open:
// they count the processes and threads that a limit kept from being started
// (TasksMax= of systemd), of all that is in there.
type limits []*os.File

// ownLimits opens them: of version 2, else of version 1.
func ownLimits() (all limits) {
	for _, kind := range []struct{ path, mount string }{
		{cgroupPath(""), cgroupMount("cgroup2", "")}, {cgroupPath("pids"), cgroupMount("cgroup", "pids")},
	} {
		for at := kind.path; kind.path != "" && kind.mount != ""; at = filepath.Dir(at) {
			if file, err := os.Open(filepath.Join(kind.mount, at, "pids.events")); err == nil {
				all = append(all, file)
			}
			if at == "/" || at == "." {
				break
			}
		}
	}
	return all
}

// refused is how many starts were refused so far.
func (l limits) refused() (count int) {
	var buffer [256]byte
	for _, file := range l {
		n, _ := unix.Pread(int(file.Fd()), buffer[:], 0)
		for line := range bytes.Lines(buffer[:max(n, 0)]) {
			if number, found := strings.CutPrefix(strings.TrimSpace(string(line)), "max "); found {
				n, _ := strconv.Atoi(number)
				count += n
			}
		}
	}
	return count
}

func (l limits) close() {
	for _, file := range l {
		file.Close()
	}
}
