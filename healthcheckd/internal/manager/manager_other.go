//go:build !windows

package manager

import (
	"context"
	"os"
	"path/filepath"
)

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
