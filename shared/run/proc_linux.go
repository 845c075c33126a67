package run

import (
	"bytes"
	"os"
	"strconv"
)

// process is a line of the process table.
type process struct {
	pid, parent, group, session int
	state                       byte
	kernel                      bool   // a thread of the kernel
	started                     uint64 // clock ticks since boot
}

// identity is the process without what changes in its life.
func (p process) identity() process { return process{pid: p.pid, started: p.started} }

func (p process) alive() bool { return p.state != 'Z' && p.state != 'X' }

// processes is the process table. What ends while it is read is left out.
func processes() []process {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	table := make([]process, 0, len(names))
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if p, ok := lookup(pid); ok {
				table = append(table, p)
			}
		}
	}
	return table
}

// kernelFlag is PF_KTHREAD of linux/sched.h.
const kernelFlag = 0x00200000

// lookup reads /proc/PID/stat, see proc(5).
func lookup(pid int) (process, bool) {
	var buffer [1024]byte
	text := slurp("/proc/"+strconv.Itoa(pid)+"/stat", buffer[:])
	// The name in brackets may hold anything, brackets too.
	end := bytes.LastIndexByte(text, ')')
	if end < 0 {
		return process{}, false
	}
	fields := bytes.Fields(text[end+1:])
	if len(fields) < 20 {
		return process{}, false
	}
	p := process{pid: pid, state: fields[0][0]}
	p.parent, _ = strconv.Atoi(string(fields[1]))
	p.group, _ = strconv.Atoi(string(fields[2]))
	p.session, _ = strconv.Atoi(string(fields[3]))
	flags, _ := strconv.ParseUint(string(fields[6]), 10, 64)
	p.kernel = flags&kernelFlag != 0
	p.started, _ = strconv.ParseUint(string(fields[19]), 10, 64)
	return p, true
}
