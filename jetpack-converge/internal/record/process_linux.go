package record

import (
	"errors"
	"os"
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
	err := syscall.Kill(p.PID, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
