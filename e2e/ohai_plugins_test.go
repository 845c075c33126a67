//go:build linux

package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"jetpack.internal/shared/facts"
)

// TestEveryPluginIsAccountedFor: what any of Ohai's plugins provides on Linux
// is a fact of ours, or the plugin is left out with a reason.
func TestEveryPluginIsAccountedFor(t *testing.T) {
	var plugins map[string][]string
	if err := json.Unmarshal(runRuby(t, "ohai_plugins.rb"), &plugins); err != nil || len(plugins) < 60 {
		t.Fatalf("Ohai has %d plugins, %v", len(plugins), err)
	}
	left := leftOut(t)
	for name := range left {
		_, plugin := plugins[name]
		if attribute := slices.ContainsFunc(slices.Collect(maps.Values(plugins)), func(all []string) bool { return slices.Contains(all, name) }); !plugin && !attribute {
			t.Errorf("%s is left out, but Ohai has neither a plugin nor an attribute of that name", name)
		}
	}
	ours := slices.Concat(facts.Names(), facts.Optional(), []string{"azure", "cloud"})
	languages := spoken(t)
	provided := 0
	for plugin, attributes := range plugins {
		for _, attribute := range attributes {
			top, below, _ := strings.Cut(attribute, "/")
			has := slices.Contains(ours, top)
			if language, _, _ := strings.Cut(below, "/"); top == "languages" && below != "" {
				_, has = languages[language]
			}
			switch reason := left[plugin] + left[attribute]; {
			case has && reason != "":
				t.Errorf("%s of the plugin %s is a fact, and left out", attribute, plugin)
			case !has && reason == "":
				t.Errorf("%s of the plugin %s is no fact, and there is no reason in ohai_left_out.txt", attribute, plugin)
			case has:
				provided++
			}
		}
	}
	t.Logf("%d plugins, %d left out; %d attributes provided", len(plugins), len(left), provided)
}

// leftOut maps plugins and attributes to the reason why they are left out.
func leftOut(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("ohai_left_out.txt")
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if plugin, reason, _ := strings.Cut(strings.TrimSpace(line), " "); !strings.HasPrefix(line, "#") {
			if reasons[plugin] = strings.TrimSpace(reason); reasons[plugin] == "" {
				t.Errorf("%s has no reason", plugin)
			}
		}
	}
	return reasons
}

// spoken is the languages of the recorded machine that has all of them.
func spoken(t *testing.T) map[string]any {
	t.Helper()
	text, err := os.ReadFile("../shared/facts/testdata/machines/workshop.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct{ Languages map[string]any }
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	return golden.Languages
}
