// Package home knows where everything of a node lives, and is the only part
// of the library that reads the environment.
package home

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"jetpack.internal/shared/exit"
)

// Home is a Jetpack home folder and the folder of the cluster-init trees.
type Home struct {
	Dir         string // absolute; not necessarily there
	ClusterInit string // absolute; where specs are laid out for their scripts
}

// Find resolves the home: $JETPACK_HOME, $CYCLECLOUD_HOME, the parent of the
// running binary's own bin folder when that parent has a config folder, the
// platform's default. It never fails; whether the folder is there, Check tells.
func Find() Home {
	dir := first(os.Getenv("JETPACK_HOME"), os.Getenv("CYCLECLOUD_HOME"))
	if dir == "" { // else the file system need not be asked, on every start
		dir = first(beside(executable()), defaultHome)
	}
	init := first(os.Getenv("JETPACK_CLUSTER_INIT"), defaultClusterInit)
	return Home{Dir: absolute(dir), ClusterInit: absolute(init)}
}

// Check is nil where the home folder is there, else an error marked exit.Usage.
func (h Home) Check() error {
	info, err := os.Stat(h.Dir)
	switch {
	case err == nil && info.IsDir():
		return nil
	case errors.Is(err, fs.ErrPermission):
		return exit.Errorf(exit.Usage, "cannot look at the home folder: %w", err)
	}
	return exit.Hint(exit.Errorf(exit.Usage, "cannot find the home folder %q", h.Dir), "set JETPACK_HOME to where Jetpack is installed")
}

func first(candidates ...string) string {
	for _, c := range candidates {
		if c != "" {
			return c
		}
	}
	return ""
}

// absolute keeps the path as it is where the working folder cannot be known:
// a later open then says what is wrong.
func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

func executable() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// beside is the home that a binary at path lives in, or "".
func beside(path string) string {
	bin := filepath.Dir(path)
	if path == "" || filepath.Base(bin) != "bin" {
		return ""
	}
	dir := filepath.Dir(bin)
	if info, err := os.Stat(filepath.Join(dir, "config")); err != nil || !info.IsDir() {
		return ""
	}
	return dir
}

// Bin is the folder of the programs.
func (h Home) Bin() string { return filepath.Join(h.Dir, "bin") }

// Configuration is the node's configuration tree as the server gave it.
func (h Home) Configuration() string { return filepath.Join(h.Dir, "config", "configuration.json") }

// Node is the merged tree that converge writes.
func (h Home) Node() string { return filepath.Join(h.Dir, "config", "node.json") }

// Connection is where and how to reach the server.
func (h Home) Connection() string { return filepath.Join(h.Dir, "config", "connection.json") }

// Lockers names the lockers and their credentials.
func (h Home) Lockers() string { return filepath.Join(h.Dir, "config", "lockers.json") }

// HealthChecks is the folder of the user's health checks.
func (h Home) HealthChecks() string { return filepath.Join(h.Dir, "config", "healthcheck.d") }

// Logs joins a path below the log folder.
func (h Home) Logs(elements ...string) string { return h.join("logs", elements) }

// Run joins a path below the state folder.
func (h Home) Run(elements ...string) string { return h.join("run", elements) }

// System joins a path below the folder of internals.
func (h Home) System(elements ...string) string { return h.join("system", elements) }

func (h Home) join(folder string, elements []string) string {
	return filepath.Join(append([]string{h.Dir, folder}, elements...)...)
}
