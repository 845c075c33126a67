package shared_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// doors: a foreign package is imported in one place only; "." is anywhere.
var doors = map[string]string{
	"github.com/alecthomas/kong":        "shared/cli",
	"github.com/rabbitmq/amqp091-go":    "shared/courier",
	"github.com/google/renameio":        "shared/atomicfile",
	"github.com/gofrs/flock":            "shared/lock",
	"github.com/kardianos/service":      "healthcheckd",
	"github.com/Azure/azure-sdk-for-go": "shared/locker",
	"github.com/google/uuid":            "shared/message",
	"github.com/rogpeppe/go-internal":   "shared/clitest",
	"golang.org/x/term":                 "shared/cli",
	"golang.org/x/sys":                  ".", // the system's own calls
}

func TestDoors(t *testing.T) {
	for _, s := range sources(t) {
		for _, path := range s.imports() {
			if host, _, _ := strings.Cut(path, "/"); !strings.Contains(host, ".") || host == "jetpack.internal" {
				continue
			}
			if door := doorOf(path); !allowed(s, door) {
				t.Errorf("%s imports %s, whose one door is %q", s.path, path, door)
			}
		}
	}
}

// doorOf is the folder that may import a foreign package, "" if none may.
func doorOf(path string) string {
	for foreign, door := range doors {
		if path == foreign || strings.HasPrefix(path, foreign+"/") {
			return door
		}
	}
	return ""
}

// allowed: tests may use a foreign package as their independent peer.
func allowed(s source, door string) bool {
	return door == "." || s.folder() == door || strings.HasPrefix(s.folder(), door+"/") || s.isTest() || strings.HasPrefix(s.path, "e2e/")
}

// environment are the functions that read it.
var environment = []string{"os.Getenv", "os.LookupEnv", "os.Environ", "os.ExpandEnv", "os.UserHomeDir", "os.UserConfigDir", "os.UserCacheDir", "syscall.Getenv"}

// Only mains import the skin, only the skin looks for home, and only package
// home reads the environment.
func TestSkinAndEnvironment(t *testing.T) {
	for _, s := range sources(t) {
		if s.isTest() || isTool(s) || strings.HasPrefix(s.path, "shared/clitest/") {
			continue
		}
		if slices.Contains(s.imports(), "jetpack.internal/shared/cli") && s.file.Name.Name != "main" {
			t.Errorf("%s imports cli but is no main", s.path)
		}
		if s.folder() == "shared/home" || s.folder() == "jetpack" {
			continue
		}
		ast.Inspect(s.file, func(node ast.Node) bool {
			name := selector(node)
			if slices.Contains(environment, name) {
				t.Errorf("%s: %s reads the environment: that is package home's", s.set.Position(node.Pos()), name)
			}
			if name == "home.Find" && s.folder() != "shared/cli" {
				t.Errorf("%s looks for home: that is package cli's", s.set.Position(node.Pos()))
			}
			return true
		})
	}
}
