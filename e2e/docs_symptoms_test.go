//go:build linux

package e2e

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"jetpack.internal/e2e/azurite"
	"jetpack.internal/e2e/docs"
)

// A symptom is a heading of that page which is all code.
var symptomHeading = regexp.MustCompile("(?m)^### `(.*)`$")

// TestSymptoms: each sentence that the page on troubleshooting explains is one
// that a program says.
func TestSymptoms(t *testing.T) {
	t.Parallel()
	scripts := map[string]string{}
	archive, err := txtar.ParseFile("docs/symptoms.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		scripts[file.Name] = string(file.Data)
	}
	var commands []docs.Command
	for _, heading := range symptomHeading.FindAllStringSubmatch(readText(t, "../docs/troubleshooting.md"), -1) {
		sentence := heading[1]
		script, found := scripts[sentence]
		if !found {
			t.Errorf("docs/symptoms.txt does not say how %q comes about", sentence)
			continue
		}
		delete(scripts, sentence)
		commands = append(commands, docs.Command{
			Page: sentence, Text: "(\n. /symptoms\n" + script + ")\n:", // most of them fail: that is their point
			Prints: true, Output: []string{"…", sentence, "…"},
		})
	}
	for sentence := range scripts {
		t.Errorf("docs/troubleshooting.md has no %q", sentence)
	}
	stage{prepare: withBlobs}.play(t, buildPrograms(t, programNames(t)...), commands)
}

// withBlobs gives the machine a blob store beside the servers.
func withBlobs(t *testing.T, seed string) (shared []string) {
	shared = withServers(t, seed)
	command(t, ".", "cp", "docs/symptoms", seed)
	blobs := azurite.Start(t)
	blobs.Make(t, "locker")
	writeText(t, filepath.Join(seed, "root", "blobs"), strings.TrimSpace(blobs.Endpoint))
	return shared
}
