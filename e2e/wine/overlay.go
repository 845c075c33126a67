//go:build unix

package wine

import (
	"testing"

	"jetpack.internal/e2e/overlay"
)

// Overlay is a file for go build -overlay that makes os.RemoveAll work under
// Wine 8. That answers the newer way of deleting, which Go tries first, with
// "not implemented", where a Windows that lacks it says "invalid class"; Go
// takes only the latter for a reason to go the older way.
func Overlay(t testing.TB) string {
	t.Helper()
	const statusNotImplemented, marker = "NTStatus(0xC0000002)", "case STATUS_INVALID_INFO_CLASS,"
	return overlay.Replace(t, "internal/syscall/windows/at_windows.go",
		[2]string{marker, "case " + statusNotImplemented + ", STATUS_INVALID_INFO_CLASS,"})
}
