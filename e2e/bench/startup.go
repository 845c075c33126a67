package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type bench struct {
	bin, work string
	table     table
}

func (b *bench) home() string               { return filepath.Join(b.work, "home") }
func (b *bench) program(name string) string { return filepath.Join(b.bin, name) }

// install copies the programs, as an installer does. A file that the linker
// has just written lies in the page cache page by page, and starts slower than
// one that was written, or read, in one go.
func (b *bench) install(from string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.Mkdir(b.bin, 0o755); err != nil {
		return err
	}
	for _, entry := range entries {
		if err := installed(filepath.Join(from, entry.Name()), b.program(entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

func installed(from, to string) error {
	program, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, program, 0o755)
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// hello is the peer of a process start; chain is two of them, one execing the
// other: the floor of anything behind a dispatcher.
const (
	hello = "package main\nimport \"fmt\"\nfunc main() { fmt.Println(\"hello\") }\n"
	chain = "package main\nimport (\"os\"; \"syscall\")\nfunc main() { syscall.Exec(os.Args[1], os.Args[1:], os.Environ()) }\n"
)

// peers builds the peers and the 100 KB tree.
func (b *bench) peers() error {
	for name, source := range map[string]string{"hello": hello, "chain": chain} {
		path := filepath.Join(b.work, name+".go")
		if err := os.WriteFile(path, []byte(source), 0o644); err != nil {
			return err
		}
		built := filepath.Join(b.work, name+".built")
		build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", built, path)
		build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
		if output, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("cannot build %s: %w\n%s", name, err, output)
		}
		if err := installed(built, b.program(name)); err != nil {
			return err
		}
	}
	config := filepath.Join(b.home(), "config")
	if err := os.MkdirAll(config, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(config, "configuration.json"), []byte(sampleTree()), 0o644)
}

// sampleTree is a configuration of 100 KB (within half a percent) in the shape
// of a real one. The key asked for is in its middle.
func sampleTree() string {
	var b strings.Builder
	b.WriteString("{\n  \"cyclecloud\": {\"cluster\": {\"name\": \"bench\"}},\n  \"sections\": {\n")
	for i := range 72 {
		fmt.Fprintf(&b, "    \"section%03d\": {\n", i)
		for j := range 20 {
			fmt.Fprintf(&b, "      \"setting%02d\": {\"value\": \"text of a usual length %d\", \"n\": %d},\n", j, i, j)
		}
		b.WriteString("      \"last\": true\n    },\n")
	}
	b.WriteString("    \"end\": null\n  }\n}\n")
	return b.String()
}

func (b *bench) config() error {
	key := "sections.section036.setting10.value"
	tree := filepath.Join(b.home(), "config", "configuration.json")
	times, err := b.medians(1000, b.program("jetpack-config")+" "+key, b.program("hello"))
	if err != nil {
		return err
	}
	peer, err := b.medians(50, "jq -r ."+key+" "+tree)
	if err != nil {
		return err
	}
	b.table.within("jetpack-config KEY, stored key, 100 KB tree", times[0], times[1], "ms", "Go hello-world", 1.5)
	b.table.faster("jetpack-config KEY, stored key, 100 KB tree", times[0], peer[0], "ms", "jq", 8)
	return nil
}

// dispatcher: through `jetpack` there are two process starts, so the floor is
// a hello-world that execs a hello-world.
func (b *bench) dispatcher() error {
	key := "sections.section036.setting10.value"
	hello, chain := b.program("hello"), b.program("chain")
	times, err := b.medians(1000, b.program("jetpack")+" config "+key, chain+" "+hello, hello)
	if err != nil {
		return err
	}
	b.table.within("jetpack config KEY (two process starts)", times[0], times[1], "ms", "hello-world execing hello-world", 1.5)
	b.table.within("jetpack config KEY (two process starts)", times[0], times[2], "ms", "one hello-world", 1.5)
	return nil
}

func (b *bench) sizes() error {
	for _, goal := range []struct {
		program string
		limit   float64
	}{{"jetpack", 2.5}, {"jetpack-config", 5}, {"jetpack-keepalive", 5}, {"jetpack-log", 7}, {"jetpack-send", 7}, {"jetpack-converge", 14}} {
		info, err := os.Stat(b.program(goal.program))
		if err != nil {
			return err
		}
		b.table.limit("size of "+goal.program, float64(info.Size())/1e6, "MB", goal.limit)
	}
	return nil
}
