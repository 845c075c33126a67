package record

import (
	"bytes"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Self is this process.
func Self() *Process { return &Process{PID: os.Getpid(), Boot: boot()} }

// boot is the kernel's random name of this boot.
func boot() string {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func (p *Process) alive() bool {
	if p.PID <= 0 || p.Boot != boot() {
		return false
	}
	if err := syscall.Kill(p.PID, 0); err != nil && !errors.Is(err, syscall.EPERM) {
		return false
	}
	// One that nobody has waited for is dead: not every first process of a
	// container does that. What cannot be read (hidepid) is believed to live.
	text, _ := os.ReadFile("/proc/" + strconv.Itoa(p.PID) + "/stat")
	_, state, _ := bytes.Cut(text[max(0, bytes.LastIndexByte(text, ')')):], []byte(" ")) // proc(5): the state follows the name
	return !bytes.HasPrefix(state, []byte("Z")) && !bytes.HasPrefix(state, []byte("X"))
}
