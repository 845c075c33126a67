// Command ohai_facts prints all facts of this machine as JSON, the optional
// ones and those that need programs included. The differential test runs it
// wherever it runs ohai: as another user, inside a container.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"jetpack.internal/shared/azure"
	"jetpack.internal/shared/facts"
)

func main() {
	machine := facts.Local()
	// Ohai finds interpreters in the caller's PATH.
	machine.Path = append(filepath.SplitList(os.Getenv("PATH")), "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
	ctx := context.Background()
	all := machine.All(ctx)
	for _, name := range append(facts.Optional(), "languages", "packages") {
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
