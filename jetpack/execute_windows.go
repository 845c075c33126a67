package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
)

// execute runs the program as a child, for want of exec, and ends with its
// status. Ctrl-C reaches every process of the console: the child decides what
// it means, and we wait for it.
func execute(program string, args []string) error {
	// signal.Ignore would not do: on Windows Go then leaves Ctrl-C to the
	// system, which ends the process.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	child := exec.Command(program, args...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := child.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return err
	}
	os.Exit(child.ProcessState.ExitCode())
	return nil
}
