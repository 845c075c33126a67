package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// awake watches a process for a while and tells how often it woke (what lies
// less than half a second apart is once) and the milliseconds it was on a
// processor.
func awake(pid int, during time.Duration) (moments int, used float64, err error) {
	const pause, apart = 100 * time.Millisecond, 5
	ran, slices, err := scheduled(pid)
	if err != nil {
		return 0, 0, err
	}
	quiet, now := apart, ran
	for end := time.Now().Add(during); time.Now().Before(end); time.Sleep(pause) {
		before := slices
		if now, slices, err = scheduled(pid); err != nil {
			return 0, 0, err
		}
		if slices == before {
			quiet++
			continue
		}
		if quiet >= apart {
			moments++
		}
		quiet = 0
	}
	return moments, (now - ran) / 1e6, nil
}

// scheduled is how long all threads of a process were on a processor, in
// nanoseconds, and how often: /proc/PID/task/TID/schedstat, see proc(5).
func scheduled(pid int) (ran, slices float64, err error) {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(files) == 0 {
		return 0, 0, fmt.Errorf("process %d has no schedstat: %v", pid, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return 0, 0, err
		}
		fields := strings.Fields(string(text))
		if len(fields) != 3 {
			return 0, 0, fmt.Errorf("%s is %q", file, text)
		}
		time, _ := strconv.ParseFloat(fields[0], 64)
		count, _ := strconv.ParseFloat(fields[2], 64)
		ran, slices = ran+time, slices+count
	}
	return ran, slices, nil
}
