package attempt

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"

	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/mirror"
	"jetpack.internal/jetpack-converge/internal/project"
	"jetpack.internal/shared/home"
	"jetpack.internal/shared/locker"
	"jetpack.internal/shared/spec"
)

// Plans compares the folders of the specs with their lockers. With mend it
// first brings back what a crash left out of place; else it changes nothing.
func Plans(ctx context.Context, h home.Home, specs []spec.Spec, mend bool) ([]mirror.Plan, error) {
	releases, err := project.Find(ctx, h.Lockers(), specs)
	if err != nil {
		return nil, err
	}
	var plans []mirror.Plan
	digests := map[*project.Release]map[string][]byte{}
	for i, s := range specs {
		trees, err := trees(h, s, releases[i])
		if err != nil {
			return nil, err
		}
		for _, tree := range trees {
			if mend {
				if err := mirror.Recover(tree); err != nil {
					return nil, err
				}
			}
			plan := mirror.Compare(tree)
			if err := promise(ctx, plan, releases[i], digests); err != nil {
				return nil, project.Explain(err)
			}
			plans = append(plans, plan)
		}
	}
	return plans, nil
}

// promise adds the digests that the release's manifest tells to the files that
// are to be fetched. The manifest is read once, and only when it is needed.
func promise(ctx context.Context, plan mirror.Plan, r *project.Release, read map[*project.Release]map[string][]byte) error {
	if len(plan.Fetch) == 0 {
		return nil
	}
	digests, known := read[r]
	if !known {
		var err error
		if digests, err = r.Digests(ctx); err != nil {
			return err
		}
		read[r] = digests
	}
	for i, file := range plan.Fetch {
		plan.Fetch[i].SHA256 = digests[strings.TrimPrefix(file.Blob.Name, r.Folder+"/")]
	}
	return nil
}

// trees are the folders of one spec: what scripts see, and what Chef does. A
// spec without a chef folder empties the one it had.
func trees(h home.Home, s spec.Spec, r *project.Release) ([]*mirror.Tree, error) {
	source := r.Locker.Address(r.Folder + "/" + s.Name)
	init := &mirror.Tree{
		Locker: r.Locker, Source: source + "/cluster-init", Folder: specFolder(h, s),
		Staging: filepath.Join(h.ClusterInit, ".staging", s.Project, s.Name),
	}
	chef := &mirror.Tree{
		Locker: r.Locker, Source: source + "/chef", Folder: chefFolder(h, s),
		Staging: h.System("chef", ".staging", s.Project, s.Name),
	}
	for _, blob := range r.Specs[s.Name] {
		if err := add(init, chef, r.Folder+"/"+s.Name+"/", blob); err != nil {
			return nil, &failure.Error{
				Description:    "Software Installation Failure: project " + s.Project,
				Recommendation: "Remove that file from the project and upload it again",
				Cause:          err,
			}
		}
	}
	if chef.Len() == 0 && mirror.Names(chef.Folder) == nil {
		return []*mirror.Tree{init}, nil
	}
	return []*mirror.Tree{init, chef}, nil
}

func specFolder(h home.Home, s spec.Spec) string {
	return filepath.Join(h.ClusterInit, s.Project, s.Name)
}

func chefFolder(h home.Home, s spec.Spec) string { return h.System("chef", s.Project, s.Name) }

// add sorts a blob of a spec into the tree it belongs to.
func add(init, chef *mirror.Tree, prefix string, blob locker.Blob) error {
	name := strings.TrimPrefix(blob.Name, prefix)
	tree := init
	path, found := strings.CutPrefix(name, "cluster-init/")
	if !found {
		tree = chef
		path, found = strings.CutPrefix(name, "chef/")
	}
	if !found || isFolder(path, blob) {
		return nil
	}
	return tree.Add(mirror.File{Path: path, Mode: mode(path, blob), Blob: blob})
}

// isFolder tells the empty blobs that some tools upload to stand for folders.
func isFolder(path string, blob locker.Blob) bool {
	return blob.Folder || path == "" || blob.Size == 0 && strings.HasSuffix(path, "/")
}

// mode is a file's permissions: stores do not keep them, so shell scripts are
// executable by their name.
func mode(path string, blob locker.Blob) fs.FileMode {
	if blob.Executable || strings.HasSuffix(path, ".sh") {
		return 0o755
	}
	return 0o644
}
