//go:build !windows

package failure

import "syscall"

var full = []error{syscall.ENOSPC, syscall.EDQUOT}
