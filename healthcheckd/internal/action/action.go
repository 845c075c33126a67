// Package action ends an unhealthy node from within, where the administrator
// has said so: for clusters without a server that could.
package action

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"jetpack.internal/healthcheckd/internal/decision"
	"jetpack.internal/healthcheckd/internal/settings"
	"jetpack.internal/shared/run"
)

const timeout = time.Minute

// Run takes the action. A command finds the names of the unhealthy checks, one
// a line, in JETPACK_UNHEALTHY and a sentence in JETPACK_REASON, beside env.
// What it starts lives on. Its error tells the end of its output.
func Run(ctx context.Context, s *run.Supervisor, a settings.Action, d decision.Decision, env []string) error {
	command := a.Command
	if a.Kind == settings.Poweroff {
		if command = first(poweroff()); command == nil {
			return errors.New("cannot power off: no program for it is found")
		}
	}
	var names []string
	for _, c := range d.Guilty {
		names = append(names, strings.ReplaceAll(c.Name, "\x00", ""))
	}
	env = append([]string{"JETPACK_UNHEALTHY=" + strings.Join(names, "\n"), "JETPACK_REASON=" + d.Reason}, env...)
	tail := run.NewTail(1000)
	result, err := s.Run(ctx, run.Process{
		Path: command[0], Args: command[1:], Dir: "/", Env: env, Output: tail,
		Timeout: timeout, Grace: time.Second, KeepDescendants: true,
	})
	switch {
	case err != nil:
		return fmt.Errorf("cannot act: %w", err)
	case result.Status == 0:
		return nil
	case result.TimedOut:
		return fmt.Errorf("the action %q timed out after %s", command[0], timeout)
	}
	return fmt.Errorf("the action %q ended with status %d%s: %s", command[0], result.Status, result.Signal, strings.TrimSpace(tail.String()))
}

func first(commands [][]string) []string {
	for _, command := range commands {
		if _, err := os.Stat(command[0]); err == nil {
			return command
		}
	}
	return nil
}
