package attempt

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"jetpack.internal/jetpack-converge/internal/chef"
	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/record"
	"jetpack.internal/jetpack-converge/internal/script"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/tree"
)

// findChef refuses a run list that nothing on the node can run, before
// anything else has run.
func (a *Attempt) findChef() error {
	a.runsChef = a.hasChef() && !a.Options.ScriptsOnly
	if !a.runsChef {
		return nil
	}
	client, found := chef.Find(a.Home.System("embedded", "bin"), script.Environment(a.Home)["PATH"])
	if !found {
		return &failure.Error{
			Description: fmt.Sprintf("The node has a Chef run list (%s) but no Chef", strings.Join(a.runList, ", ")),
			Recommendation: "Install Cinc or Chef (" + a.Home.System("embedded", "bin") +
				" or the path), empty the run list, or set cyclecloud.enable_chef to false",
			Cause: exit.Errorf(exit.Usage, "found none of cinc-client, chef-client and chef-solo"),
		}
	}
	a.client = client
	return nil
}

func isDisabled(doc tree.Document) bool {
	value, found := doc.Find("cyclecloud.enable_chef")
	return found && strings.EqualFold(fmt.Sprint(value), "false")
}

// chef runs Chef when the node has a run list, and puts the attributes that
// it leaves into node.json.
func (a *Attempt) chef(ctx context.Context) error {
	if !a.runsChef {
		return errNothing
	}
	if err := a.working(ctx, "Running Chef"); err != nil {
		return err
	}
	repository, node := a.repository(), a.nodeName()
	if err := a.prepareChef(repository, node); err != nil {
		return fmt.Errorf("cannot prepare Chef's files: %w", err)
	}
	if err := a.runChef(ctx, repository); err != nil {
		return err
	}
	attributes, err := repository.Keep(node)
	if err != nil {
		return fmt.Errorf("cannot keep Chef's attributes: %w", err)
	}
	return a.writeNode(attributes)
}

func (a *Attempt) repository() chef.Repository { return chef.Repository(a.Home.Run("chef")) }

// hasChef tells whether Chef has to do with this node, be it not in this attempt.
func (a *Attempt) hasChef() bool { return len(a.runList) > 0 && !isDisabled(a.tree) }

// chefID labels what the Chef of an attempt starts.
func (a *Attempt) chefID(started time.Time) string {
	return fmt.Sprintf("%s:chef:%d", a.Home.Dir, started.UnixNano())
}

// stopChef ends the Chef of an attempt that was killed, so that there are not
// two at work.
func (a *Attempt) stopChef(ctx context.Context, last record.Record) {
	n := len(last.Phases)
	if !last.Interrupted || last.Started == nil || n == 0 || last.Phases[n-1].Name != "chef" {
		return
	}
	if stopped := script.StopLabelled(ctx, a.chefID(*last.Started)); stopped > 0 {
		a.warn("stopped %d processes that an interrupted run of Chef had left", stopped)
	}
}

func (a *Attempt) nodeName() string {
	for _, key := range []string{"cyclecloud.node.name", "cyclecloud.instance.id"} {
		if value, found := a.tree.Find(key); found && value != nil {
			return chef.NodeName(fmt.Sprint(value))
		}
	}
	return chef.NodeName("")
}

func (a *Attempt) prepareChef(repository chef.Repository, node string) error {
	var folders []string
	for _, s := range a.specs {
		folders = append(folders, chefFolder(a.Home, s))
	}
	shadowed, err := repository.Merge(folders)
	if err != nil {
		return err
	}
	for _, name := range shadowed {
		a.warn("more than one spec holds Chef's %s: the last one counts", name)
	}
	return repository.Configure(node, a.tree.Value(), a.runList)
}

func (a *Attempt) runChef(ctx context.Context, repository chef.Repository) error {
	log, err := chef.OpenLog(a.Home.Logs("chef-client.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	timeout, err := duration(a.tree, "cyclecloud.converge.chef_timeout")
	if err != nil {
		return wrong("Cannot understand the configuration", err)
	}
	before, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if a.Options.Debug {
		stop := chef.Follow(ctx, log, func(text []byte) { a.Console.Raw(text) })
		defer stop()
	}
	environment := script.Environment(a.Home)
	label, id := script.Labelled(a.chefID(*a.record.Started))
	environment[label] = id
	a.info("running %s", a.client.Path)
	a.Console.Busy(a.client.Path)
	result, err := a.client.Run(ctx, chef.Job{
		Repository: repository, Environment: environment, Log: log, Timeout: timeout,
	})
	if err != nil {
		return &failure.Error{Description: "Cannot run Chef", Cause: err}
	}
	outcome := script.Outcome{Result: result, Log: log.Name()}
	if outcome.OK() {
		a.info("Chef succeeded after %s", result.Duration)
		return nil
	}
	return a.chefFailure(repository, outcome, log, before)
}
