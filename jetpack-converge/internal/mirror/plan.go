package mirror

import (
	"maps"
	"os"
	"slices"
)

// Plan is the difference between a tree's folder and what it is to hold.
type Plan struct {
	Tree   *Tree
	Fetch  []File   // to be downloaded, in order of their paths
	Keep   []File   // as they are
	Remove []string // laid out once, gone from the locker
	Bytes  int64    // sum of Fetch
	Read   bool     // the content of Keep was read: the machine was restarted since it was laid out
}

// Empty tells that nothing is to be done.
func (p Plan) Empty() bool { return len(p.Fetch) == 0 && len(p.Remove) == 0 && p.exists() }

func (p Plan) exists() bool {
	info, err := os.Stat(p.Tree.Folder)
	return err == nil && info.IsDir()
}

// Compare looks at the tree's folder, changing nothing.
func Compare(tree *Tree) Plan {
	plan := Plan{Tree: tree}
	old := readRecord(tree.Folder)
	if old.Source != tree.Source {
		old.Files = withoutTags(old.Files)
	}
	plan.Read = old.doubtful()
	for _, name := range slices.Sorted(maps.Keys(tree.files)) {
		file := tree.files[name]
		if unchanged(tree, file, old) && (!plan.Read || file.source(tree).Holds(tree.Path(name))) {
			plan.Keep = append(plan.Keep, file)
			continue
		}
		plan.Fetch = append(plan.Fetch, file)
		plan.Bytes += file.Blob.Size
	}
	for _, name := range slices.Sorted(maps.Keys(old.Files)) {
		if _, wanted := tree.files[name]; !wanted {
			plan.Remove = append(plan.Remove, name)
		}
	}
	return plan
}

// withoutTags forgets the content of a tree of another source but not its
// names: they are still known to have come from a locker.
func withoutTags(files map[string]entry) map[string]entry {
	for name, e := range files {
		e.ETag = ""
		files[name] = e
	}
	return files
}

func unchanged(tree *Tree, file File, old record) bool {
	e, known := old.Files[file.Path]
	if !known {
		return false
	}
	info, err := os.Lstat(tree.Path(file.Path))
	return err == nil && e.keeps(file, info) && (file.Mode&0o111 == 0 || info.Mode()&0o111 != 0 || !modes)
}
