package main

import (
	"context"
	"fmt"
	"os"

	"jetpack.internal/healthcheckd/internal/manager"
	"jetpack.internal/shared/cli"
)

type installCommand struct{}

// Run makes the service known to the system's service manager.
func (installCommand) Run(_ context.Context, io cli.IO) error {
	return manage(io, (*manager.Manager).Install)
}

type uninstallCommand struct{}

// Run stops the service and makes the system forget it.
func (uninstallCommand) Run(_ context.Context, io cli.IO) error {
	return manage(io, (*manager.Manager).Uninstall)
}

type startCommand struct{}

// Run has the service manager start the service.
func (startCommand) Run(_ context.Context, io cli.IO) error {
	return manage(io, (*manager.Manager).Start)
}

type stopCommand struct{}

// Run has the service manager stop the service.
func (stopCommand) Run(_ context.Context, io cli.IO) error {
	return manage(io, (*manager.Manager).Stop)
}

type restartCommand struct{}

// Run has the service manager stop and start the service.
func (restartCommand) Run(_ context.Context, io cli.IO) error {
	return manage(io, (*manager.Manager).Restart)
}

func manage(io cli.IO, do func(*manager.Manager) error) error {
	if _, err := open(io); err != nil {
		return err
	}
	path, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot find this program: %w", err)
	}
	m, err := manager.New(path, io.Home.Dir)
	if err != nil {
		return err
	}
	return explainRefusal(do(m))
}
