package attempt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/server"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/spec"
	"jetpack.internal/shared/tree"
)

// configure gets the configuration tree, from the server where the node knows
// how, and reads what converge wants of it.
func (a *Attempt) configure(ctx context.Context) error {
	fresh, err := server.Fetch(ctx, a.Home)
	if exit.Status(err) == exit.Usage {
		return &failure.Error{Description: "Cannot fetch the configuration", Recommendation: failure.Advice(err, "Correct "+a.Home.Connection()), Cause: err}
	}
	if err != nil {
		if _, missing := os.Stat(a.Home.Configuration()); missing != nil {
			return &failure.Error{
				Description:    "Cannot fetch the configuration, and there is none yet",
				Recommendation: "Check the network between this node and its server, and the address and password in " + a.Home.Connection(),
				Cause:          err,
			}
		}
		a.warn("cannot fetch the configuration, going on with the one that is there: %v", err)
	}
	if fresh {
		a.info("fetched the configuration from the server")
	}
	return a.read()
}

// read reads the configuration tree that lies on the disk.
func (a *Attempt) read() error {
	doc, err := tree.Read(a.Home.Configuration())
	if errors.Is(err, fs.ErrNotExist) {
		return &failure.Error{
			Description:    "Cannot read the configuration",
			Recommendation: "The server writes " + a.Home.Configuration() + "; check that this node has registered, or that JETPACK_HOME is right",
			Cause:          exit.With(exit.Usage, err),
		}
	}
	if err != nil {
		return wrong("Cannot read the configuration", err)
	}
	a.tree = doc
	if a.specs, err = Specs(doc); err != nil {
		return wrong("Cannot understand the configuration", err)
	}
	if a.runList, err = runList(doc, a.specs); err != nil {
		return wrong("Cannot understand the configuration", err)
	}
	return a.findChef()
}

func wrong(description string, err error) error {
	return &failure.Error{
		Description:    description,
		Recommendation: failure.Advice(err, "Correct the node's configuration on the server"),
		Cause:          exit.With(exit.Usage, err),
	}
}

// Specs are the specs that a configuration tree names.
func Specs(doc tree.Document) ([]spec.Spec, error) {
	value, _ := doc.Find("cyclecloud.cluster_init_specs")
	return spec.Parse(value)
}

func runList(doc tree.Document, specs []spec.Spec) ([]string, error) {
	value, _ := doc.Find("run_list")
	items, err := spec.Items(value)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, s := range specs {
		items = append(items, s.RunList...)
	}
	var distinct []string
	for _, item := range items {
		if !seen[item] {
			seen[item] = true
			distinct = append(distinct, item)
		}
	}
	return distinct, nil
}

// duration is a setting in seconds, 0 when it is not there.
func duration(doc tree.Document, key string) (time.Duration, error) {
	value, found := doc.Find(key)
	if !found || value == nil {
		return 0, nil
	}
	d, err := time.ParseDuration(fmt.Sprint(value) + "s")
	if err != nil || d < 0 {
		return 0, exit.Errorf(exit.Usage, "%s is %q, which is no number of seconds", key, fmt.Sprint(value))
	}
	return d, nil
}
