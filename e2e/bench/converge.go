package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"jetpack.internal/e2e/azurite"
)

// node is a home folder that converges.
type node struct{ dir, binary string }

func (b *bench) node(name, locker string, specs int) (node, error) {
	n := node{filepath.Join(b.work, name), b.program("jetpack-converge")}
	var list []string
	for i := range specs {
		list = append(list, fmt.Sprintf(`{"project": "bench", "version": "1", "spec": "s%d"}`, i))
	}
	config := filepath.Join(n.dir, "home", "config")
	if err := os.MkdirAll(config, 0o755); err != nil {
		return n, err
	}
	tree := `{"cyclecloud": {"cluster_init_specs": [` + strings.Join(list, ",") + `]}}`
	if err := os.WriteFile(filepath.Join(config, "configuration.json"), []byte(tree), 0o644); err != nil {
		return n, err
	}
	return n, os.WriteFile(filepath.Join(config, "lockers.json"), []byte(`{"lockers": {"l": `+locker+`}}`), 0o600)
}

// run converges and tells how long it took, in milliseconds.
func (n node) run(args ...string) (float64, error) {
	cmd := exec.Command(n.binary, args...)
	cmd.Env = append(os.Environ(), "JETPACK_HOME="+filepath.Join(n.dir, "home"), "JETPACK_CLUSTER_INIT="+filepath.Join(n.dir, "init"), "JETPACK_IMDS_ENDPOINT=none")
	began := time.Now()
	if output, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("cannot converge: %w\n%s", err, output)
	}
	return float64(time.Since(began).Microseconds()) / 1000, nil
}

// converge: a run with nothing to do, and what a script costs beside itself.
func (b *bench) converge() error {
	const specs, scripts, files = 4, 25, 225
	locker := filepath.Join(b.work, "locker")
	for s := range specs {
		at := filepath.Join(locker, "projects", "bench", "1", fmt.Sprintf("s%d", s), "cluster-init")
		for i := range scripts {
			if err := put(filepath.Join(at, "scripts", fmt.Sprintf("%02d.sh", i)), []byte("#!/bin/sh\n")); err != nil {
				return err
			}
		}
		for i := range files {
			if err := put(filepath.Join(at, "files", fmt.Sprint(i)), make([]byte, 2000)); err != nil {
				return err
			}
		}
	}
	n, err := b.node("converge", `{"url": "file://`+locker+`"}`, specs)
	if err != nil {
		return err
	}
	if _, err := n.run(); err != nil {
		return err
	}
	idle, err := medianOf(20, func() (float64, error) { return n.run() })
	if err != nil {
		return err
	}
	busy, err := medianOf(5, func() (float64, error) { return n.run("--rerun-scripts") })
	if err != nil {
		return err
	}
	b.table.limit("converge, nothing changed, 100 scripts, 1,000 files", idle, "ms", 100)
	b.table.limit("converge, for each script that runs", (busy-idle)/(specs*scripts), "ms", 10)
	return nil
}

func put(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}

func medianOf(runs int, measure func() (float64, error)) (float64, error) {
	var times []float64
	for range runs {
		t, err := measure()
		if err != nil {
			return 0, err
		}
		times = append(times, t)
	}
	return median(times), nil
}

// sync: 2,000 files, 500 MB from Azurite, beside curl with the same URLs and
// as many connections. They take turns.
func (b *bench) sync() error {
	const blobs, size, rounds = 2000, 250_000, 3
	dir := filepath.Join(b.work, "azurite")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	server, stop, err := azurite.Launch(dir)
	if err != nil {
		return err
	}
	defer stop()
	urls, err := fill(server, blobs, size, b.work)
	if err != nil {
		return err
	}
	settings := fmt.Sprintf(`{"url": "az://%s/bench", "endpoint": %q, "sas": %q}`, azurite.Account, server.Endpoint, azurite.ReadSAS())
	var ours, theirs, checked []float64
	for range rounds {
		took, digests, err := curl(urls, filepath.Join(b.work, "curl"))
		if err != nil {
			return err
		}
		theirs, checked = append(theirs, took), append(checked, took+digests)
		n, err := b.node("sync", settings, 1)
		if err != nil {
			return err
		}
		if took, err = n.run(); err != nil {
			return err
		}
		ours = append(ours, took)
		if err := os.RemoveAll(n.dir); err != nil {
			return err
		}
	}
	b.table.within("sync, 2,000 files, 500 MB, Azurite", median(ours), median(theirs), "ms", "curl --parallel, unverified", 1.2)
	b.table.within("  against the same work", median(ours), median(checked), "ms", "curl --parallel, then md5sum", 1.2)
	return nil
}

// fill uploads the blobs and writes curl's list of them.
func fill(server *azurite.Server, blobs, size int, work string) (urls string, err error) {
	ctx := context.Background()
	if err := server.Create(ctx, "bench"); err != nil {
		return "", err
	}
	random := rand.NewChaCha8([32]byte{})
	content := make([]byte, size)
	var list strings.Builder
	for i := range blobs {
		random.Read(content)
		name := fmt.Sprintf("projects/bench/1/s0/cluster-init/files/%d", i)
		if err := server.Upload(ctx, "bench", name, content); err != nil {
			return "", err
		}
		fmt.Fprintf(&list, "url = \"%s/bench/%s?%s\"\noutput = \"%s/%d\"\n", server.Endpoint, name, azurite.ReadSAS(), filepath.Join(work, "curl"), i)
	}
	urls = filepath.Join(work, "urls")
	return urls, os.WriteFile(urls, []byte(list.String()), 0o600)
}

// curl downloads the files, and tells how long it took and how long it takes to
// digest them then, in milliseconds.
func curl(urls, into string) (took, digests float64, err error) {
	if err := os.MkdirAll(into, 0o755); err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(into)
	for i, line := range []string{
		"exec curl --silent --show-error --no-progress-meter --parallel --parallel-max 16 -K '" + urls + "'",
		"exec md5sum '" + into + "'/* >/dev/null",
	} {
		began := time.Now()
		if output, err := exec.Command("sh", "-c", line).CombinedOutput(); err != nil {
			return 0, 0, fmt.Errorf("%s: %w\n%s", line, err, output)
		}
		*[]*float64{&took, &digests}[i] = float64(time.Since(began).Microseconds()) / 1000
	}
	return took, digests, nil
}
