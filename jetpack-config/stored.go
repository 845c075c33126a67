package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/tree"
)

// stored is a layer that is a file.
type stored struct {
	name, path string
	logf       func(format string, args ...any) // nil without -v
}

func (l stored) find(_ context.Context, key string) (any, origin, tree.Outcome, error) {
	e, outcome, err := tree.Lookup(l.path, key)
	if errors.Is(err, fs.ErrNotExist) {
		if l.logf != nil {
			l.logf("%s is not there", l.path)
		}
		return nil, origin{}, tree.Missing, nil
	}
	if err != nil {
		return nil, origin{}, tree.Missing, l.explain(err)
	}
	l.say()
	return e, origin{Layer: l.name, File: l.path, Line: e.Line}, outcome, nil
}

// whole keeps fs.ErrNotExist: to be without a file is no fault.
func (l stored) whole(context.Context) (map[string]any, error) {
	d, err := tree.Read(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, l.explain(err)
	}
	object, ok := d.Value().(map[string]any)
	if !ok {
		return nil, l.explain(exit.Errorf(exit.Usage, "%s holds no JSON object", l.path))
	}
	return object, nil
}

// say tells, with -v, that a file is read, and whether more people than should
// may do so: it can hold secrets.
func (l stored) say() {
	if l.logf == nil {
		return
	}
	l.logf("%s is read", l.path)
	if info, err := os.Stat(l.path); err == nil && exposed(info) {
		l.logf("%s can be read by everyone; chmod 640 protects the secrets in it", l.path)
	}
}

// explain says what could not be read, and who may.
func (l stored) explain(err error) error {
	status := exit.Status(err)
	err = exit.With(status, fmt.Errorf("cannot read configuration: %w", err))
	if errors.Is(err, fs.ErrPermission) {
		return exit.Hint(err, "%s is for root and the group cyclecloud: become a member of that group, or use sudo", l.path)
	}
	return err
}
