//go:build !windows && !darwin

package mirror

// fold is the form in which two names of one file are equal.
func fold(name string) string { return name }
