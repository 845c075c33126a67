package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/fetch"
	"jetpack.internal/shared/locker"
	"jetpack.internal/shared/spec"
)

// blob is a file that belongs to a project.
type blob struct{ project, file string }

func newBlob(project, file string) (blob, error) {
	if err := spec.CheckName(project); err != nil {
		return blob{}, exit.Errorf(exit.Usage, "cannot use the project %q: %w", project, err)
	}
	if !fs.ValidPath(file) || file == "." || strings.ContainsAny(file, "\\\x00") {
		return blob{}, exit.Errorf(exit.Usage, "cannot use the blob %q: it is not a plain path below the project's blobs", file)
	}
	return blob{project, file}, nil
}

// names are where it may lie in a locker: what a user has put there goes
// before what the project's owner did.
func (b blob) names() []string {
	return []string{
		"blobs/" + b.project + "/" + b.file,
		"projects/" + b.project + "/blobs/" + b.file,
		"cache/projects/" + b.project + "/blobs/" + b.file,
	}
}

// find looks for the blob in the lockers, place by place.
func (b blob) find(ctx context.Context, lockers []locker.Locker) (fetch.Source, error) {
	var tried []string
	for _, name := range b.names() {
		for _, l := range lockers {
			found, err := l.Find(ctx, name)
			if err == nil {
				return fetch.Source{Locker: l, Blob: found}, nil
			}
			if !errors.Is(err, locker.ErrMissing) {
				return fetch.Source{}, explain(ctx, fmt.Errorf("cannot look for %s: %w", l.Address(name), err))
			}
			tried = append(tried, l.Address(name))
		}
	}
	err := exit.Errorf(exit.No, "cannot find the blob %q of project %q in its locker", b.file, b.project)
	err = exit.Hint(err, "tried %s", strings.Join(tried, ", "))
	return fetch.Source{}, exit.Hint(err, "upload the project with `cyclecloud project upload`, or put the file into the locker's folder blobs/%s", b.project)
}

// explain marks an error that came from a locker with its exit status, and
// adds what to check.
func explain(ctx context.Context, err error) error {
	var disk fetch.DiskError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w (%w)", context.Cause(ctx), err)
	case errors.Is(err, locker.ErrDenied):
		return exit.Hint(err, "check that the SAS in config/lockers.json has not expired and allows to read, or that the node's identity may read blobs")
	case errors.Is(err, locker.ErrInvalid):
		return exit.With(exit.Usage, err)
	case errors.Is(err, locker.ErrMissing), errors.Is(err, fetch.ErrDigest), errors.As(err, &disk):
		return err
	}
	return exit.Hint(exit.With(exit.Temporary, err), "the same command goes on where this one stopped")
}
