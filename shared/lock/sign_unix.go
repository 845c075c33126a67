//go:build !windows

package lock

// signedAt is where in the file its holder is named.
const signedAt = 0
