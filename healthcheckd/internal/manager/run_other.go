//go:build !windows

package manager

import "context"

// Run calls serve: here the service manager starts a process like any other,
// and stops it by a signal.
func Run(ctx context.Context, serve func(context.Context) error) error { return serve(ctx) }
