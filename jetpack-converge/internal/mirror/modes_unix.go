//go:build !windows

package mirror

// modes tells that files have executable bits.
const modes = true
