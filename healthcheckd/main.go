// Healthcheckd runs the health checks of this node and has it terminated when
// one of them says so.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"jetpack.internal/healthcheckd/internal/decision"
	"jetpack.internal/healthcheckd/internal/manager"
	"jetpack.internal/healthcheckd/internal/status"
	"jetpack.internal/healthcheckd/internal/view"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/cli"
	"jetpack.internal/shared/exit"
)

type command struct {
	Run     runCommand     `cmd:"" help:"Serve in the foreground, as the service manager wants it."`
	Once    onceCommand    `cmd:"" help:"Run all checks now and tell; never asks for termination."`
	Status  statusCommand  `cmd:"" help:"Tell what the service knows."`
	Explain explainCommand `cmd:"" help:"Tell what would happen now, and why."`

	Install   installCommand   `cmd:"" help:"Make the service known to the system's service manager."`
	Uninstall uninstallCommand `cmd:"" help:"Stop the service and make the system forget it."`
	Start     startCommand     `cmd:"" help:"Start the service."`
	Stop      stopCommand      `cmd:"" help:"Stop the service."`
	Restart   restartCommand   `cmd:"" help:"Stop the service and start it again."`
}

// main also goes by the name healthcheck, as which it runs all checks once.
func main() {
	if name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe"); name == "healthcheck" {
		cli.Main(name, "Run all health checks of this node once.", new(onceCommand))
	}
	cli.Main("healthcheckd", "Judge the health of this node, and have it terminated when it is unhealthy.", new(command))
}

type runCommand struct {
	Interval string `hidden:"" env:"INTERVAL" help:"Minutes from one round to the next."`
	Socket   string `hidden:"" env:"NOTIFY_SOCKET" help:"Where systemd wants to be told."`
	Watchdog int64  `hidden:"" env:"WATCHDOG_USEC" help:"Microseconds after which systemd misses a sign of life."`
}

// Run serves until a signal ends it.
func (c *runCommand) Run(ctx context.Context, io cli.IO) error {
	ctx, stop := cli.Interrupt(ctx)
	defer stop()
	return manager.Run(ctx, func(ctx context.Context) error { return serve(ctx, io, c) })
}

type onceCommand struct {
	JSON bool `help:"Answer in JSON."`
}

// Run runs all checks and tells by the exit status what they came to.
func (c *onceCommand) Run(ctx context.Context, io cli.IO) error {
	ctx, stop := cli.Interrupt(ctx)
	defer stop()
	v, err := once(ctx, io)
	if err != nil {
		return err
	}
	if c.JSON {
		err = v.JSON(io.Out)
	} else {
		err = v.Table(io.Out, io.Color)
	}
	if err != nil {
		return err
	}
	switch v.Verdict {
	case check.Good:
		return nil
	case check.Bad:
		return exit.Quiet(exit.Unhealthy)
	}
	return exit.Quiet(exit.No)
}

type statusCommand struct {
	JSON bool `help:"Answer in JSON."`
}

// Run tells what the service knows.
func (c *statusCommand) Run(_ context.Context, io cli.IO) error {
	n, err := open(io)
	if err != nil {
		return err
	}
	state, err := status.Load(n.state())
	if err != nil {
		return err
	}
	v := view.Of(&state, n.held(), n.now(), n.serviceRuns(&state))
	if c.JSON {
		return v.JSON(io.Out)
	}
	return v.Status(io.Out, io.Color)
}

type explainCommand struct{}

// Run tells what a round that found what the last one found would lead to.
func (c *explainCommand) Run(_ context.Context, io cli.IO) error {
	n, err := open(io)
	if err != nil {
		return err
	}
	state, err := status.Load(n.state())
	if err != nil {
		return err
	}
	s, damaged := n.settings("")
	if damaged != nil {
		io.Warnf("%v", damaged)
	}
	v := view.Of(&state, n.held(), n.now(), n.serviceRuns(&state))
	found, next := decision.Decide(state.Checks, &s, n.held()), decision.Decide(state.Again(), &s, n.held())
	for _, line := range v.Explain(found, next, &s) {
		fmt.Fprintln(io.Out, line)
	}
	return nil
}
