package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// medians times whole processes with hyperfine, without a shell between, and
// gives the median of each command in milliseconds. The commands take turns
// in rounds, so that a slow moment of the machine hits all of them.
func (b *bench) medians(runs int, commands ...string) ([]float64, error) {
	const rounds = 5
	samples := make([][]float64, len(commands))
	for range rounds {
		for i, command := range commands {
			times, err := b.times(runs/rounds, command)
			if err != nil {
				return nil, err
			}
			samples[i] = append(samples[i], times...)
		}
	}
	result := make([]float64, len(commands))
	for i := range samples {
		result[i] = median(samples[i]) * 1000
	}
	return result, nil
}

func (b *bench) times(runs int, command string) ([]float64, error) {
	export := filepath.Join(b.work, "hyperfine.json")
	cmd := exec.Command("hyperfine", "-N", "-i", "--style", "none", "--warmup", "3", "--runs", strconv.Itoa(runs), "--export-json", export, command)
	cmd.Env = append(os.Environ(), "JETPACK_HOME="+b.home(), "JETPACK_IMDS_ENDPOINT=none")
	if output, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("cannot time %s: %w\n%s", command, err, output)
	}
	text, err := os.ReadFile(export)
	if err != nil {
		return nil, err
	}
	var report struct {
		Results []struct{ Times []float64 }
	}
	if err := json.Unmarshal(text, &report); err != nil || len(report.Results) != 1 {
		return nil, fmt.Errorf("cannot read hyperfine's report of %s: %v", command, err)
	}
	return report.Results[0].Times, nil
}
