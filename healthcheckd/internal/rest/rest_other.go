//go:build !linux

package rest

// dropProgram is left to the system.
func dropProgram() {}
