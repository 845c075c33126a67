package attempt

import (
	"path/filepath"
	"strings"

	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/mirror"
)

const nearlyFull = 64 << 10 // bytes

// noteRoom adds to the failure of a program that wrote to log that the disk is
// full, if it is: that may be the reason, and the program's own words about it
// may be what did not fit.
func noteRoom(f *failure.Error, log string) *failure.Error {
	folder := filepath.Dir(log)
	if free, err := mirror.Free(folder); err != nil || free >= nearlyFull {
		return f
	}
	f.Detail = strings.TrimLeft(f.Detail+"\nno space left on device: the output may be incomplete", "\n")
	f.Recommendation = "Free space on the disk of " + folder + ". " + f.Recommendation
	return f
}
