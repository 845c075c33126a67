package main

import "os"

func standardStreams() streams { return streams{out: os.Stdout, err: os.Stderr} }
