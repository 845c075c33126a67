//go:build linux

// Command ohai_facts prints all facts of this machine as JSON, the optional
// ones and those that need programs included. The differential test runs it
// wherever it runs ohai: as another user, inside a container. With -netlink it
// prints the kernel's dumps of its network instead, as the recorded machines
// of shared/facts hold them.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"jetpack.internal/shared/azure"
	"jetpack.internal/shared/facts"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "-netlink" {
		recordNetwork()
		return
	}
	machine := facts.Local()
	// Ohai finds interpreters in the caller's PATH.
	machine.Path = append(filepath.SplitList(os.Getenv("PATH")), "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
	ctx := context.Background()
	all := machine.All(ctx)
	for _, name := range append(facts.Optional(), facts.Programs()...) {
		if value, found := machine.Fact(ctx, name); found {
			all[name] = value
		}
	}
	metadata, _ := azure.Source{Endpoint: "none"}.Metadata(ctx)
	all["cloud"] = azure.Cloud(metadata)
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// recordNetwork prints the dumps as files of a txtar archive, packed.
func recordNetwork() {
	for _, d := range []struct {
		name string
		kind int
	}{{"link", syscall.RTM_GETLINK}, {"address", syscall.RTM_GETADDR}, {"route", syscall.RTM_GETROUTE}, {"neighbour", syscall.RTM_GETNEIGH}} {
		reply, err := syscall.NetlinkRIB(d.kind, syscall.AF_UNSPEC)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		w.Write(reply)
		w.Close()
		fmt.Printf("-- netlink/%s --\n", d.name)
		encoded := base64.StdEncoding.EncodeToString(packed.Bytes())
		for line := range slices.Chunk([]byte(encoded), 120) {
			fmt.Printf("%s\n", line)
		}
	}
}
