package chef

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/tree"
)

// Repository is the folder that the client works from, made anew for each
// run: the chef folders of all specs as one.
type Repository string

func (r Repository) config() string     { return filepath.Join(string(r), "client.rb") }
func (r Repository) attributes() string { return filepath.Join(string(r), "attributes.json") }
func (r Repository) nodes() string      { return filepath.Join(string(r), "nodes") }
func (r Repository) kept() string       { return filepath.Join(string(r), "kept.json") }
func (r Repository) path(e ...string) string {
	return filepath.Join(append([]string{string(r)}, e...)...)
}

// kinds are the folders of a repository, and how deep the things in them lie
// that one spec may replace: a cookbook is a whole, a data bag is its items.
var kinds = map[string]int{"cookbooks": 1, "site-cookbooks": 1, "roles": 1, "environments": 1, "data_bags": 2}

// Merge fills the repository with links into the specs' chef folders, in
// their order. What two specs hold both comes from the later one, and is
// returned as shadowed. The cache of former runs stays.
func (r Repository) Merge(folders []string) (shadowed []string, err error) {
	for kind := range kinds {
		if err := os.RemoveAll(r.path(kind)); err != nil {
			return nil, err
		}
		if err := os.MkdirAll(r.path(kind), 0o700); err != nil {
			return nil, err
		}
	}
	if err := os.Chmod(string(r), 0o700); err != nil {
		return nil, err
	}
	for _, folder := range folders {
		for kind, depth := range kinds {
			again, err := r.link(folder, kind, depth)
			if err != nil {
				return nil, err
			}
			shadowed = append(shadowed, again...)
		}
	}
	slices.Sort(shadowed)
	return shadowed, nil
}

// link links the entries of one folder, depth levels below it.
func (r Repository) link(folder, name string, depth int) (shadowed []string, err error) {
	entries, err := os.ReadDir(filepath.Join(folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		below := filepath.Join(name, entry.Name())
		switch {
		case strings.HasPrefix(entry.Name(), "."):
		case depth > 1 && entry.IsDir():
			if err := os.MkdirAll(r.path(below), 0o700); err != nil {
				return nil, err
			}
			again, err := r.link(folder, below, depth-1)
			if err != nil {
				return nil, err
			}
			shadowed = append(shadowed, again...)
		default:
			if os.Remove(r.path(below)) == nil {
				shadowed = append(shadowed, filepath.ToSlash(below))
			}
			if err := os.Symlink(filepath.Join(folder, below), r.path(below)); err != nil {
				return nil, err
			}
		}
	}
	return shadowed, nil
}

// Configure writes the client's configuration and attributes: the node's
// configuration tree with the run list.
func (r Repository) Configure(node string, configuration any, runList []string) error {
	if err := os.RemoveAll(r.nodes()); err != nil {
		return err
	}
	if err := atomicfile.Write(r.config(), []byte(r.settings(node)), 0o600); err != nil {
		return err
	}
	items := make([]any, len(runList))
	for i, item := range runList {
		items[i] = item
	}
	attributes := tree.Merge(configuration, map[string]any{"run_list": items})
	return atomicfile.Write(r.attributes(), append(tree.JSON(attributes), '\n'), 0o600)
}

// settings is client.rb. Paths are Ruby strings in single quotes.
func (r Repository) settings(node string) string {
	var b strings.Builder
	set := func(name, value string) { fmt.Fprintf(&b, "%s %s\n", name, ruby(value)) }
	set("node_name", node)
	set("chef_repo_path", string(r))
	fmt.Fprintf(&b, "cookbook_path [%s, %s]\n", ruby(r.path("cookbooks")), ruby(r.path("site-cookbooks")))
	set("role_path", r.path("roles"))
	set("data_bag_path", r.path("data_bags"))
	set("environment_path", r.path("environments"))
	set("node_path", r.nodes())
	set("file_cache_path", r.path("cache"))
	set("file_backup_path", r.path("backup"))
	// What failed is told on a terminal only, without force_formatter.
	b.WriteString("log_location STDOUT\nforce_formatter true\ncolor false\n")
	return b.String()
}

// Source is the chef folder that a cookbook comes from.
func (r Repository) Source(cookbook string) (folder string, found bool) {
	for _, kind := range []string{"site-cookbooks", "cookbooks"} { // the client takes the last of the path
		if at, err := os.Readlink(r.path(kind, cookbook)); err == nil {
			return filepath.Dir(filepath.Dir(at)), true
		}
	}
	return "", false
}

func ruby(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
