//go:build !windows

package main

import "io/fs"

// exposed tells whether everyone on the machine may read a file.
func exposed(info fs.FileInfo) bool { return info.Mode().Perm()&0o004 != 0 }
