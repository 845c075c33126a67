package attempt

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"jetpack.internal/jetpack-converge/internal/chef"
	"jetpack.internal/jetpack-converge/internal/failure"
	"jetpack.internal/jetpack-converge/internal/script"
	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/tree"
)

// findChef refuses a run list that nothing on the node can run, before
// anything else has run.
func (a *Attempt) findChef() error {
	a.runsChef = len(a.runList) > 0 && !a.Options.ScriptsOnly && !isDisabled(a.tree)
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
	repository := chef.Repository(a.Home.Run("chef"))
	node := a.nodeName()
	if err := a.prepareChef(repository, node); err != nil {
		return fmt.Errorf("cannot prepare Chef's files: %w", err)
	}
	if err := a.runChef(ctx, repository); err != nil {
		return err
	}
	attributes, err := repository.Attributes(node)
	if err != nil {
		return fmt.Errorf("cannot read Chef's attributes: %w", err)
	}
	return a.writeNode(tree.Merge(a.low, attributes))
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
	a.info("running %s", a.client.Path)
	a.Console.Busy(a.client.Path)
	result, err := a.client.Run(ctx, chef.Job{
		Repository: repository, Environment: script.Environment(a.Home), Log: log, Timeout: timeout,
	})
	outcome := script.Outcome{Result: result, Log: log.Name(), Tail: tailSince(log, before)}
	if err != nil {
		return &failure.Error{Description: "Cannot run Chef", Detail: outcome.Tail, Cause: err}
	}
	if outcome.OK() {
		a.info("Chef succeeded after %s", result.Duration)
		return nil
	}
	return chefFailure(outcome)
}

func tailSince(log *os.File, before int64) string {
	if end, err := log.Seek(0, io.SeekEnd); err != nil || end == before {
		return ""
	}
	return script.Tail(log)
}

func chefFailure(o script.Outcome) error {
	text, reboot := chef.Meaning(o.Status)
	if o.Status < 0 || o.TimedOut {
		text = "Chef failed (" + o.Why() + ")"
	}
	f := &failure.Error{Description: text, Recommendation: "See " + o.Log, Detail: o.Tail}
	if reboot {
		f.Status = "rebooting"
		f.Recommendation = "Restart the node; it goes on converging then"
		f.Cause = exit.Errorf(exit.Temporary, "the converge goes on after it")
	}
	return noteRoom(f, o.Log)
}
