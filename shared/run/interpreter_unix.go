//go:build !windows

package run

import (
	"errors"
	"syscall"
)

// interpreters are the commands that may run a script of a suffix, best first.
func interpreters(suffix string) [][]string {
	switch suffix {
	case ".sh":
		return [][]string{{"/bin/bash"}, {"/usr/bin/bash"}, {"/usr/local/bin/bash"}, {"/bin/sh"}}
	case ".py":
		return [][]string{
			{"/usr/bin/python3"}, {"/usr/local/bin/python3"}, {"/bin/python3"},
			{"/usr/libexec/platform-python"}, // RHEL 8 without python3
			{"/opt/homebrew/bin/python3"}, {"/usr/bin/python"},
		}
	}
	return nil
}

// mustInterpret is the command in front of a file that only runs with one.
func mustInterpret(string) []string { return nil }

// needsInterpreter tells whether a start failed for want of a "#!" line or of
// the permission to execute (a missing bit, a noexec mount).
func needsInterpreter(err error) bool {
	return errors.Is(err, syscall.ENOEXEC) || errors.Is(err, syscall.EACCES)
}
