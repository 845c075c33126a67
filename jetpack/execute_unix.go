//go:build !windows

package main

import (
	"os"
	"syscall"
)

// execute replaces this process, so that status and signals need no
// forwarding.
func execute(program string, args []string) error {
	return syscall.Exec(program, append([]string{program}, args...), os.Environ())
}
