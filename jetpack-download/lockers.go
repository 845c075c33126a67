package main

import (
	"errors"
	"fmt"
	"io/fs"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/locker"
	"jetpack.internal/shared/spec"
	"jetpack.internal/shared/tree"
)

// open opens the lockers that may hold a project's blobs: the named one, else
// the one that the project comes from and the default one.
func open(h home.Home, project, name string) ([]locker.Locker, error) {
	book, err := locker.ReadBook(h.Lockers())
	if err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("cannot find the node's lockers: %w", err))
	}
	names := []string{name}
	if name == "" {
		if names, err = usual(h, project, book); err != nil {
			return nil, err
		}
	}
	var lockers []locker.Locker
	for _, name := range names {
		settings, err := book.Find(name)
		settings.Metadata = home.MetadataEndpoint()
		var opened locker.Locker
		if err == nil {
			opened, err = locker.Open(settings)
		}
		if err != nil {
			return nil, exit.With(exit.Usage, fmt.Errorf("cannot use %s: %w", h.Lockers(), err))
		}
		lockers = append(lockers, opened)
	}
	return lockers, nil
}

// usual are the names of a project's lockers; "" is the default one.
func usual(h home.Home, project string, book locker.Book) ([]string, error) {
	specs, err := specs(h)
	if err != nil {
		return nil, exit.With(exit.Usage, fmt.Errorf("cannot tell the project's locker: %w", err))
	}
	for _, s := range specs {
		if s.Project != project || s.Locker == "" {
			continue
		}
		if _, err := book.Find(""); err != nil || s.Locker == book.Default {
			return []string{s.Locker}, nil
		}
		return []string{s.Locker, ""}, nil
	}
	return []string{""}, nil
}

// specs are those of the node; a node may have no configuration yet.
func specs(h home.Home) ([]spec.Spec, error) {
	doc, err := tree.Read(h.Configuration())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	value, _ := doc.Find("cyclecloud.cluster_init_specs")
	return spec.Parse(value)
}
