// Interrupt runs a program in a console and presses Ctrl-C there, as a person
// does, once a file says that the program is ready. It ends with the program's
// status.
//
// Usage: interrupt READY_FILE PROGRAM [ARG...]
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"time"

	"golang.org/x/sys/windows"
)

func main() {
	kernel := windows.NewLazySystemDLL("kernel32.dll")
	_, _, _ = kernel.NewProc("AllocConsole").Call()      // fails where there is one already
	signal.Notify(make(chan os.Signal, 1), os.Interrupt) // the console's Ctrl-C reaches us too
	program := exec.Command(os.Args[2], os.Args[3:]...)
	program.Stdout, program.Stderr = os.Stdout, os.Stderr
	if err := program.Start(); err != nil {
		fail(err)
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(os.Args[1]); err == nil {
			break
		}
		if time.Now().After(end) {
			fail(fmt.Errorf("%s never came", os.Args[1]))
		}
	}
	if err := windows.GenerateConsoleCtrlEvent(windows.CTRL_C_EVENT, 0); err != nil {
		fail(err)
	}
	_ = program.Wait() // its status tells
	os.Exit(program.ProcessState.ExitCode())
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "interrupt:", err)
	os.Exit(99)
}
