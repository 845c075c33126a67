package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const trivialChecks = 100

// health measures rounds of trivial checks beside run-parts, and the service
// at rest beside monit where that is installed.
func (b *bench) health() error {
	scripts := filepath.Join(b.work, "run-parts")
	for _, home := range []string{"in-turn", "at-once", "empty"} {
		if err := b.healthHome(home); err != nil {
			return err
		}
	}
	if err := b.trivial(scripts, ""); err != nil {
		return err
	}
	once := func(home string) string {
		return "env JETPACK_HOME=" + filepath.Join(b.work, home) + " " + b.program("healthcheckd") + " once"
	}
	times, err := b.medians(50, once("in-turn"), "run-parts "+scripts, once("at-once"), once("empty"))
	if err != nil {
		return err
	}
	b.table.within("round of 100 trivial checks, one at a time", times[0], times[1], "ms", "run-parts", 1.3)
	b.table.within("round of 100 trivial checks, 8 at once", times[2], times[1], "ms", "run-parts", 1)
	b.table.limit("a check beyond run-parts' fork and exec", max(0, times[0]-times[3]-times[1])/trivialChecks, "ms", 10)
	return b.atRest()
}

func (b *bench) healthHome(name string) error {
	home := filepath.Join(b.work, name)
	if name == "empty" {
		return os.MkdirAll(filepath.Join(home, "config"), 0o755)
	}
	if err := b.trivial(filepath.Join(home, "config", "healthcheck.d"), ".sh"); err != nil {
		return err
	}
	concurrency := map[string]int{"in-turn": 1, "at-once": 8}[name]
	text := fmt.Sprintf(`{"cyclecloud": {"healthcheck": {"concurrency": %d}}}`, concurrency)
	return os.WriteFile(filepath.Join(home, "config", "configuration.json"), []byte(text), 0o644)
}

// trivial makes checks that do nothing.
func (b *bench) trivial(dir, suffix string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for i := range trivialChecks {
		path := filepath.Join(dir, fmt.Sprintf("check%03d%s", i, suffix))
		if err := os.WriteFile(path, []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// atRest lets the service make an hour's worth of rounds, then looks at what
// it holds while the next one is far.
func (b *bench) atRest() error {
	home := filepath.Join(b.work, "in-turn")
	service := exec.Command(b.program("healthcheckd"), "run")
	service.Env = []string{"JETPACK_HOME=" + home}
	if err := restFor(home, 1); err != nil {
		return err
	}
	if err := service.Start(); err != nil {
		return err
	}
	defer func() { service.Process.Signal(syscall.SIGTERM); service.Wait() }()
	for _, leg := range []struct{ rounds, interval int }{{6, 600}, {7, 600}} {
		if err := awaitRound(home, leg.rounds); err != nil {
			return err
		}
		if err := restFor(home, leg.interval); err != nil {
			return err
		}
	}
	time.Sleep(3 * time.Second) // a further round may have begun with the old interval
	// The outbox's turn comes every minute.
	moments, used, err := awake(service.Process.Pid, 2*time.Minute)
	if err != nil {
		return err
	}
	b.table.limit("times that healthcheckd at rest wakes in two minutes", float64(moments), "", 3)
	b.table.limit("processor time that healthcheckd at rest takes in two minutes", used, "ms", 20)
	resident, err := procStatus(service.Process.Pid, "VmRSS:")
	if err != nil {
		return err
	}
	b.table.limit("healthcheckd after an hour's worth of rounds", resident/1024, "MB", 12)
	if peer, ok := monit(b.work); ok {
		b.table.within("healthcheckd after an hour's worth of rounds", resident/1024, peer/1024, "MB", "monit", 12/7.7)
	}
	return nil
}

// restFor sets the seconds from one round to the next.
func restFor(home string, interval int) error {
	text := fmt.Sprintf(`{"cyclecloud": {"healthcheck": {"interval": %d, "concurrency": 1}}}`, interval)
	return os.WriteFile(filepath.Join(home, "config", "configuration.json"), []byte(text), 0o644)
}

func awaitRound(home string, number int) error {
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(50 * time.Millisecond) {
		var state struct{ Round struct{ Number int } }
		text, _ := os.ReadFile(filepath.Join(home, "run", "health.json"))
		if err := json.Unmarshal(text, &state); err == nil && state.Round.Number >= number {
			return nil
		}
	}
	return fmt.Errorf("the service has not made %d rounds in a minute", number)
}

// procStatus is a number of /proc/PID/status.
func procStatus(pid int, name string) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, found := strings.Cut(string(text), name)
	if fields := strings.Fields(rest); found && len(fields) > 0 {
		return strconv.ParseFloat(fields[0], 64)
	}
	return 0, fmt.Errorf("no %s of process %d", name, pid)
}

// monit is what monit holds at rest with one check, in KiB, where there is one.
func monit(work string) (resident float64, ok bool) {
	path, err := exec.LookPath("monit")
	if err != nil {
		return 0, false
	}
	file := filepath.Join(work, "monitrc")
	text := "set daemon 600\nset idfile " + work + "/monit.id\nset statefile " + work + "/monit.state\ncheck program x with path /bin/true\n  if status != 0 then alert\n"
	if os.WriteFile(file, []byte(text), 0o600) != nil {
		return 0, false
	}
	cmd := exec.Command(path, "-I", "-c", file, "-p", filepath.Join(work, "monit.pid"))
	if cmd.Start() != nil {
		return 0, false
	}
	defer func() { cmd.Process.Signal(syscall.SIGTERM); cmd.Wait() }()
	time.Sleep(3 * time.Second) // it does not say when it has begun
	resident, err = procStatus(cmd.Process.Pid, "VmRSS:")
	return resident, err == nil
}
