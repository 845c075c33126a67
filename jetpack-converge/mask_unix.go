//go:build !windows

package main

import "syscall"

// clearMask gives files and scripts the umask of root's login, whoever
// started the converge.
func clearMask() { syscall.Umask(0o022) }
