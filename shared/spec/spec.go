// Package spec reads from the configuration tree which specs a node is made of.
package spec

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
)

const maxSpecs = 10_000

// Spec is one entry of cyclecloud.cluster_init_specs.
type Spec struct {
	Project string
	Version string
	Name    string
	Locker  string   // an entry of config/lockers.json; "" for the default one
	RunList []string // Chef's items that this spec adds; usually none
	order   float64
}

// String is the spec as a node template writes it.
func (s Spec) String() string { return s.Project + ":" + s.Name + ":" + s.Version }

// Folder is where the spec lies below the folder of all specs, with slashes.
func (s Spec) Folder() string { return path.Join(s.Project, s.Name) }

// Release is where the project's version lies in a locker's projects folder.
func (s Spec) Release() string { return path.Join(s.Project, s.Version) }

// Parse reads the value of cyclecloud.cluster_init_specs, a list of objects
// {project, version, spec, locker?, order?, run_list?}; nil is an empty list.
// The specs come in the list's order, or by their order numbers where given.
// A spec listed twice with the same version counts once.
func Parse(value any) ([]Spec, error) {
	if value == nil {
		return nil, nil
	}
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("cyclecloud.cluster_init_specs is not a list")
	}
	if len(list) > maxSpecs {
		return nil, fmt.Errorf("cyclecloud.cluster_init_specs has more than %d entries", maxSpecs)
	}
	specs, err := parseAll(list)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(specs, func(a, b Spec) int { return cmp.Compare(a.order, b.order) })
	return distinct(specs)
}

func parseAll(list []any) ([]Spec, error) {
	specs := make([]Spec, 0, len(list))
	for i, entry := range list {
		s, err := parse(entry)
		if err != nil {
			return nil, fmt.Errorf("cyclecloud.cluster_init_specs.%d: %w", i, err)
		}
		specs = append(specs, s)
	}
	return specs, nil
}

func parse(entry any) (Spec, error) {
	object, ok := entry.(map[string]any)
	if !ok {
		return Spec{}, fmt.Errorf("not an object with project, version and spec")
	}
	s := Spec{
		Project: text(object["project"]),
		Version: text(object["version"]),
		Name:    text(object["spec"]),
		Locker:  text(object["locker"]),
	}
	for _, name := range []struct{ key, value string }{{"project", s.Project}, {"version", s.Version}, {"spec", s.Name}} {
		if err := CheckName(name.value); err != nil {
			return Spec{}, fmt.Errorf("%s %q: %w", name.key, name.value, err)
		}
	}
	var err error
	if s.order, err = number(object["order"]); err != nil {
		return Spec{}, err
	}
	s.RunList, err = Items(object["run_list"])
	return s, err
}

// text is a string value; a version such as 1.0 may have been written as a number.
func text(value any) string {
	switch value.(type) {
	case nil, bool, []any, map[string]any:
		return ""
	}
	return fmt.Sprint(value)
}

func number(value any) (float64, error) {
	if value == nil {
		return 0, nil
	}
	n, err := strconv.ParseFloat(fmt.Sprint(value), 64)
	if err != nil || n != n {
		return 0, fmt.Errorf("order %q is not a number", fmt.Sprint(value))
	}
	return n, nil
}

// distinct drops repetitions and refuses one spec in two versions: both would
// lie in the same folder.
func distinct(specs []Spec) ([]Spec, error) {
	seen := map[string]Spec{}
	var kept []Spec
	for _, s := range specs {
		first, again := seen[s.Folder()]
		switch {
		case !again:
			seen[s.Folder()] = s
			kept = append(kept, s)
		case first.Version != s.Version || first.Locker != s.Locker:
			return nil, fmt.Errorf("cyclecloud.cluster_init_specs names spec %q of project %q as %q and as %q: only one can be laid out",
				s.Name, s.Project, first.Version, s.Version)
		}
	}
	return kept, nil
}
