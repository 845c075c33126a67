// Package project finds projects in lockers: where their releases lie, what
// their specs hold, and what to say when they are not there.
package project

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/locker"
	"jetpack.internal/shared/spec"
)

// listings is how many releases are listed at once.
const listings = 8

// Release is one version of a project in a locker.
type Release struct {
	Locker   locker.Locker
	Folder   string                   // in the locker
	Manifest *locker.Blob             // nil when the release has none
	Specs    map[string][]locker.Blob // by the spec's name
}

// key tells releases apart: two specs of one release share its listing.
type key struct{ locker, release string }

// Find lists the releases that the specs need, one listing each, and returns
// the release of each spec.
func Find(ctx context.Context, lockersFile string, specs []spec.Spec) ([]*Release, error) {
	lockers, err := open(lockersFile, specs)
	if err != nil {
		return nil, err
	}
	found := map[key]*Release{}
	var wanted []spec.Spec
	for _, s := range specs {
		if k := (key{s.Locker, s.Release()}); found[k] == nil {
			found[k] = &Release{Locker: lockers[s.Locker]}
			wanted = append(wanted, s)
		}
	}
	if err := listAll(ctx, wanted, found); err != nil {
		return nil, err
	}
	releases := make([]*Release, len(specs))
	for i, s := range specs {
		releases[i] = found[key{s.Locker, s.Release()}]
		if releases[i].Specs[s.Name] == nil {
			return nil, missingSpec(s, releases[i])
		}
	}
	return releases, nil
}

// open opens the lockers that the specs name.
func open(path string, specs []spec.Spec) (map[string]locker.Locker, error) {
	book, err := locker.ReadBook(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, settings(path, exit.With(exit.Usage, err))
	}
	if err != nil {
		return nil, settings(path, err)
	}
	lockers := map[string]locker.Locker{}
	for _, s := range specs {
		if lockers[s.Locker] != nil {
			continue
		}
		entry, err := book.Find(s.Locker)
		entry.Metadata = home.MetadataEndpoint()
		if err == nil {
			lockers[s.Locker], err = locker.Open(entry)
		}
		if err != nil {
			return nil, settings(path, exit.Errorf(exit.Usage, "spec %q: %w", s, err))
		}
	}
	return lockers, nil
}

func settings(path string, err error) error {
	return &failure.Error{
		Description:    "Cannot find the node's lockers",
		Recommendation: failure.Advice(err, "Check "+path+`: {"default": NAME, "lockers": {NAME: {"url": "az://ACCOUNT/CONTAINER"}}}`),
		Cause:          err,
	}
}

func listAll(ctx context.Context, specs []spec.Spec, found map[key]*Release) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	slots := make(chan struct{}, listings)
	for _, s := range specs {
		release := found[key{s.Locker, s.Release()}]
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if ctx.Err() != nil {
				return
			}
			if err := release.find(ctx, s); err != nil {
				cancel(err)
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

// find lists the release where the project's owner puts it, else where
// projects are that were mirrored from elsewhere.
func (r *Release) find(ctx context.Context, s spec.Spec) error {
	folders := []string{"projects/" + s.Release(), "cache/projects/" + s.Release()}
	for _, folder := range folders {
		r.Folder, r.Specs = folder, map[string][]locker.Blob{}
		err := r.Locker.List(ctx, folder, func(b locker.Blob) error { return r.add(b) })
		if err != nil {
			return Explain(fmt.Errorf("cannot list %s: %w", r.Locker.Address(folder), err))
		}
		if len(r.Specs) > 0 || r.Manifest != nil {
			return nil
		}
	}
	return missingProject(s, r.Locker, folders)
}

// add sorts one blob of the release.
func (r *Release) add(b locker.Blob) error {
	name, inside := strings.CutPrefix(b.Name, r.Folder+"/")
	if !inside {
		return nil
	}
	if name == "manifest.json" {
		r.Manifest = &b
		return nil
	}
	if owner, rest, found := strings.Cut(name, "/"); found && rest != "" {
		r.Specs[owner] = append(r.Specs[owner], b)
	}
	return nil
}
