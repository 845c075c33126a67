// Package version tells the running program's version.
package version

import (
	"runtime/debug"
	"strings"
	"time"
)

// Interface is the level of Jetpack's interface that these programs implement.
const Interface = "8.0.0"

// build is the build number, linked in with -ldflags "-X …/version.build=N".
var build string

// String is MAJOR.MINOR.PATCH-BUILD. Callers cut it at dots and dashes and
// compare numbers, so BUILD is always a number: the one linked in, else the
// commit's UTC time as YYYYMMDDhhmm, else 0.
func String() string {
	if build != "" {
		return Interface + "-" + build
	}
	return Interface + "-" + fromBuildInfo()
}

func fromBuildInfo() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "0"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.time" {
			if at, err := time.Parse(time.RFC3339, strings.TrimSpace(setting.Value)); err == nil {
				return at.UTC().Format("200601021504")
			}
		}
	}
	return "0"
}
