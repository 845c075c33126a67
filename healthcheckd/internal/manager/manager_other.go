//go:build !windows

package manager

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"jetpack.internal/shared/exit"
)

// canWrite refuses a home that would mean something else where it is written,
// unquoted: in a unit of systemd and in scripts of shell.
func canWrite(home string) error {
	if at := strings.IndexAny(home, " \t\n\"'\\$%`;&|<>(){}*?[]#~!"); at >= 0 {
		return exit.Errorf(exit.Usage, "the home %q holds %q, which service managers would read as something else", home, home[at])
	}
	return nil
}

// Run calls serve: here the service manager starts a process like any other,
// and stops it by a signal.
func Run(ctx context.Context, serve func(context.Context) error) error { return serve(ctx) }

// forget removes the links of the runlevels of SysV, which lead nowhere once
// the service is uninstalled.
func forget() error {
	links, err := filepath.Glob("/etc/rc[0-6].d/[SK][0-9][0-9]" + Name)
	for _, link := range links {
		if target, _ := os.Readlink(link); filepath.Base(target) == Name {
			err = os.Remove(link)
		}
	}
	return err
}
