// Bench prints what the programs cost, side by side with their peers, in one
// run on one machine: only the ratios mean anything elsewhere.
//
// Usage: bench BIN, where BIN is the folder of the built programs.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: bench BIN")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

func run(bin string) error {
	bin, err := filepath.Abs(bin)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "jetpack-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b := &bench{bin: filepath.Join(work, "bin"), work: work}
	if err := b.install(bin); err != nil {
		return err
	}
	for _, measure := range []func() error{b.peers, b.config, b.dispatcher, b.facts, b.converge, b.sync, b.delivery, b.health, b.sizes} {
		if err := measure(); err != nil {
			return err
		}
	}
	b.table.print(os.Stdout)
	return nil
}
