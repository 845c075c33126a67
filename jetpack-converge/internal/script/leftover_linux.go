package script

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"syscall"
)

const maxEnviron = 1 << 20 // bytes of a process's environment that are looked at

// leftovers are the processes that carry the label with this value.
func leftovers(id string) []int {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	var found []int
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err == nil && pid != os.Getpid() && carries(name, label+"="+id) {
			found = append(found, pid)
		}
	}
	return found
}

func carries(pid, assignment string) bool {
	file, err := os.Open("/proc/" + pid + "/environ")
	if err != nil {
		return false
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(file, maxEnviron))
	return bytes.Contains(append([]byte{0}, text...), []byte("\x00"+assignment+"\x00"))
}

func stop(pids []int, now bool) {
	signal := syscall.SIGTERM
	if now {
		signal = syscall.SIGKILL
	}
	for _, pid := range pids {
		_ = syscall.Kill(pid, signal)
	}
}
