// Jetpack-download brings a blob of a project from its locker to this node.
package main

import (
	"cmp"
	"context"
	"time"

	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
)

type command struct {
	File    string        `arg:"" help:"The blob: a path below the project's blobs."`
	Dest    string        `arg:"" optional:"" default:"." help:"Where it goes: a folder, or a file's path. Default: the working folder."`
	Project string        `placeholder:"NAME" help:"The project; within a cluster-init script it is the script's own."`
	Locker  string        `placeholder:"NAME" help:"The entry of config/lockers.json to look in, and no other."`
	Timeout time.Duration `placeholder:"DURATION" default:"4h" help:"Give up after that time (default ${default}; 0 is never)."`
}

func main() {
	cli.Main("jetpack-download", "Bring a blob of a project from its locker to this node.", new(command))
}

// Run finds the blob and puts it into its place.
func (c *command) Run(ctx context.Context, io cli.IO) error {
	if c.Timeout < 0 {
		return exit.Errorf(exit.Usage, "a duration cannot be negative")
	}
	if c.Timeout > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, c.Timeout, exit.Errorf(exit.Temporary, "it took longer than %s", c.Timeout))
		defer cancel()
		ctx = limited
	}
	wanted, err := c.wanted()
	if err != nil {
		return err
	}
	lockers, err := open(io.Home, wanted.project, c.Locker)
	if err != nil {
		return err
	}
	source, err := wanted.find(ctx, lockers)
	if err != nil {
		return err
	}
	path, err := place(c.Dest, wanted.file)
	if err != nil {
		return err
	}
	from := source.Locker.Address(source.Blob.Name)
	if source.Holds(path) {
		io.Logf("%s is %s already", path, from)
		return nil
	}
	if err := bring(ctx, source, path); err != nil {
		return err
	}
	io.Logf("%s: %d bytes of %s", path, source.Blob.Size, from)
	return nil
}

// wanted is what the arguments ask for.
func (c *command) wanted() (blob, error) {
	project := cmp.Or(c.Project, home.ScriptProject())
	if project == "" {
		err := exit.Errorf(exit.Usage, "cannot tell which project's blob %q is", c.File)
		return blob{}, exit.Hint(err, "--project NAME says it; only cluster-init scripts are known to belong to one")
	}
	return newBlob(project, c.File)
}
