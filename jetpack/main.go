// Jetpack starts the programs of the toolkit by familiar names: `jetpack sub
// args…` runs jetpack-sub with the arguments untouched.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], standardStreams())) }
