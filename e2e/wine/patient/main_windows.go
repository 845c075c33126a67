// Patient is a subcommand that says when it is ready, and takes its time to
// end after Ctrl-C: with status 77 and a word in a file, which only it can give.
//
// Usage: jetpack-patient READY_FILE LAST_WORD_FILE
package main

import (
	"os"
	"os/signal"
	"time"
)

func main() {
	pressed := make(chan os.Signal, 1)
	signal.Notify(pressed, os.Interrupt)
	if err := os.WriteFile(os.Args[1], nil, 0o644); err != nil {
		os.Exit(98)
	}
	select {
	case <-pressed:
		time.Sleep(500 * time.Millisecond) // a dispatcher that does not wait would be gone
		if err := os.WriteFile(os.Args[2], []byte("tidied up"), 0o644); err != nil {
			os.Exit(96)
		}
		os.Exit(77)
	case <-time.After(20 * time.Second):
		os.Exit(97)
	}
}
