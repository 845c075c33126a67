//go:build windows || darwin

package mirror

import "strings"

// fold is the form in which two names of one file are equal: the disk does
// not tell letters' case apart.
func fold(name string) string { return strings.ToLower(name) }
