package project

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/locker"
	"jetpack.internal/shared/spec"
)

// installation is what the server knows such failures as.
const installation = "Software Installation Failure"

func missingProject(s spec.Spec, in locker.Locker, folders []string) error {
	detail := ""
	for _, folder := range folders {
		detail += "tried " + in.Address(folder) + "\n"
	}
	return &failure.Error{
		Description:    fmt.Sprintf("%s: project %q has no version %q in its locker (tried %s)", installation, s.Project, s.Version, in.Address(folders[0])),
		Recommendation: "Upload the project with `cyclecloud project upload`, or correct its version or locker in the node's template",
		Detail:         detail,
	}
}

func missingSpec(s spec.Spec, r *Release) error {
	return &failure.Error{
		Description:    fmt.Sprintf("%s: project %q version %q has no spec %q (tried %s)", installation, s.Project, s.Version, s.Name, r.Locker.Address(r.Folder+"/"+s.Name)),
		Recommendation: "Upload the project again with `cyclecloud project upload`, or correct the spec's name in the node's template",
		Detail:         fmt.Sprintf("the version has the specs %q", slices.Sorted(maps.Keys(r.Specs))),
	}
}

// Explain makes a failure of an error that came from a locker, and tells
// errors that pass from those that stay.
func Explain(err error) *failure.Error {
	var known *failure.Error
	if errors.As(err, &known) {
		return known
	}
	f := &failure.Error{Description: installation, Cause: err}
	switch {
	case errors.Is(err, locker.ErrMissing):
		f.Recommendation = "Check that the locker exists, and its address in config/lockers.json"
	case errors.Is(err, locker.ErrDenied):
		f.Recommendation = "Check that the SAS in config/lockers.json has not expired and allows to read and list, or that the node's identity may read blobs"
	case errors.Is(err, locker.ErrChanged):
		f.Recommendation = "A project was uploaded meanwhile: run `jetpack converge` again"
		f.Cause = exit.With(exit.Temporary, err)
	case errors.Is(err, locker.ErrInvalid):
		f.Recommendation = "Correct config/lockers.json"
		f.Cause = exit.With(exit.Usage, err)
	default:
		f.Recommendation = "Check the network between this node and the locker, and run `jetpack converge` again"
	}
	return f
}
