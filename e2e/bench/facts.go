package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// facts measures system facts beside Ruby's Ohai. Ohai takes seconds: a few
// runs of it tell enough.
func (b *bench) facts() error {
	for _, row := range []struct {
		what, key string
		goal      float64
	}{
		{"one fact, platform", "platform", 100}, {"one fact, memory", "memory", 100}, {"one fact, ipaddress", "ipaddress", 100},
		{"one fact, packages", "packages", 100}, {"one fact that a program tells, perl's version", "languages.perl", 100}, {"whole tree", "", 30},
	} {
		ours := b.program("jetpack-config") + " " + row.key
		if row.key == "" {
			ours = b.program("jetpack-config") + " --json"
		}
		times, err := b.medians(200, ours)
		if err != nil {
			return err
		}
		theirs := "ohai " + strings.ReplaceAll(row.key, ".", "/")
		ohai, err := b.medians(10, theirs)
		if err != nil {
			return err
		}
		b.table.faster(row.what, times[0], ohai[0], "ms", strings.TrimSpace(theirs), row.goal)
	}
	return b.footprint()
}

// footprint is what the whole tree costs beside time.
func (b *bench) footprint() error {
	// A process's peak counts that of the one it was forked from: a small one.
	const measure = "import resource, subprocess, sys; subprocess.check_output(sys.argv[1:]); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
	out, err := b.quiet(exec.Command("python3", "-c", measure, b.program("jetpack-config"), "--json"))
	if err != nil {
		return err
	}
	peak, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		return err
	}
	trace := filepath.Join(b.work, "trace")
	if _, err := b.quiet(exec.Command("strace", "-f", "-e", "trace=execve,execveat", "-o", trace, b.program("jetpack-config"), "--json")); err != nil {
		return err
	}
	calls, err := os.ReadFile(trace)
	if err != nil {
		return err
	}
	b.table.limit("whole tree, memory at the peak", peak/1024, "MB", 20)
	b.table.limit("whole tree, processes started", float64(bytes.Count(calls, []byte("execve"))-1), "", 0)
	return nil
}

// quiet runs a command on the bench's home, where no metadata are asked for.
func (b *bench) quiet(cmd *exec.Cmd) ([]byte, error) {
	cmd.Env = append(os.Environ(), "JETPACK_HOME="+b.home(), "JETPACK_IMDS_ENDPOINT=none")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("cannot run %s: %w", cmd.Args[0], err)
	}
	return out, nil
}
