package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/keepalive"
	"jetpack.internal/shared/lock"
	"jetpack.internal/shared/message"
	"jetpack.internal/shared/outbox"
)

// node is this node's files and clock.
type node struct {
	home    home.Home
	machine boot.Machine
	now     func() boot.Moment
}

func open(io cli.IO) (*node, error) {
	if err := io.Home.Check(); err != nil {
		return nil, err
	}
	return &node{home: io.Home, machine: boot.Identify("/"), now: boot.Now}, nil
}

func (n *node) state() string       { return n.home.Run("health.json") }
func (n *node) serviceLock() string { return n.home.Run("healthcheckd.lock") }

func (n *node) held() keepalive.State {
	return keepalive.Read(n.home.Run(keepalive.File), n.now(), n.machine)
}

func (n *node) settings(minutes string) (settings.Settings, error) {
	return settings.Read(n.home.Configuration(), minutes)
}

// serviceRuns tells whether a service holds its lock; where the lock cannot
// be read, the state's word counts.
func (n *node) serviceRuns(state *status.State) bool {
	if _, err := os.Stat(n.serviceLock()); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	held, err := lock.Acquire(context.Background(), n.serviceLock(), 0)
	if err == nil {
		held.Release()
		return false
	}
	var other *lock.HeldError
	return errors.As(err, &other) || state.Service != nil && state.Service.Boot == n.now().Boot
}

// queued is how many messages wait in the outbox.
func (n *node) queued() int {
	box, count := outbox.At(n.home.Run("outbox"), outbox.DefaultLimits), 0
	if box.Empty() {
		return 0
	}
	_, _ = box.Pending(context.Background(), func(message.Message) error { count++; return nil })
	return count
}

// environment is that of checks and actions: small, and the same whoever
// starts us.
func (n *node) environment() []string {
	return append([]string{"CYCLECLOUD_HOME=" + n.home.Dir, "JETPACK_HOME=" + n.home.Dir}, systemEnvironment(n.home.Bin())...)
}

// scratch is the folder of the checks' working folders. One who may not write
// there gets them among temporary files.
func (n *node) scratch() string {
	dir := n.home.Run("scratch")
	_ = os.MkdirAll(dir, 0o700)
	return dir
}

// clean removes what a killed process left: working folders in a folder, and
// beside a file what was to replace it.
func clean(path string) {
	left, _ := filepath.Glob(filepath.Join(path, "check-*"))
	beside, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+"[0-9]*"))
	for _, path := range append(left, beside...) {
		os.RemoveAll(path)
	}
}

// explainRefusal adds to an error who would be allowed.
func explainRefusal(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return exit.Hint(err, "run it as %s", cli.Superuser)
	}
	return err
}
