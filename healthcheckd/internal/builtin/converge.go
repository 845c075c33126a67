package builtin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/check"
	"jetpack.internal/shared/openfile"
)

// Launch remembers when the node was launched by the clock that no one can
// set, so that a step of the wall clock does not look like hours gone by.
type Launch struct {
	Unix int64   `json:"unix"`    // as run/launched has it
	Boot string  `json:"boot_id"` // of the boot in which it was first seen
	Up   float64 `json:"up_s"`    // the launch by that boot's clock, in seconds
}

// ConvergeTimeout judges whether the node became ready in time after its
// launch. The record is what converge writes (run/converge.json), launched the
// file with the launch's seconds since 1970 (run/launched), known what this
// function returned before. Where no converge was ever begun, there is none
// to wait for.
func ConvergeTimeout(record, launched string, timeout time.Duration, known Launch, now boot.Moment) (check.Result, Launch) {
	result := check.Result{Name: Converge, Verdict: check.Good}
	if timeout <= 0 {
		result.Reason = "turned off: cyclecloud.keepalive.timeout is 0"
		return result, known
	}
	ready, err := isReady(record)
	if err != nil {
		return unknown(result, fmt.Sprintf("cannot read what converge did: %v", err)), known
	}
	if ready {
		result.Reason = "the node has converged"
		return result, known
	}
	seconds, err := readLaunch(launched)
	if errors.Is(err, fs.ErrNotExist) {
		result.Reason = "no converge was begun"
		return result, known
	}
	if err != nil {
		return unknown(result, fmt.Sprintf("cannot read when the node was launched: %v", err)), known
	}
	known = known.anchored(seconds, now)
	since := known.since(now)
	result.Reason = fmt.Sprintf("not converged within %s of launch: %s so far", timeout, since.Round(time.Second))
	if since >= timeout {
		result.Verdict = check.Bad
	}
	return result, known
}

// anchored is the launch in the present boot's time, when first seen.
func (l Launch) anchored(unix int64, now boot.Moment) Launch {
	if l.Unix == unix && l.Boot != "" {
		return l
	}
	gone := now.Wall.Sub(time.Unix(unix, 0))
	return Launch{Unix: unix, Boot: now.Boot, Up: (now.Up - gone).Seconds()}
}

// since is the time since the launch: by the boot-time clock within the boot
// that saw it, by the wall clock after a reboot.
func (l Launch) since(now boot.Moment) time.Duration {
	if l.Boot == now.Boot && now.Boot != "" {
		return now.Up - time.Duration(l.Up*float64(time.Second))
	}
	return now.Wall.Sub(time.Unix(l.Unix, 0))
}

// isReady tells whether the node has ever become ready.
func isReady(path string) (bool, error) {
	text, err := readSmall(path, 32<<20)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var record struct {
		Result string
		Ready  *time.Time
	}
	if err := json.Unmarshal(text, &record); err != nil {
		return false, err
	}
	return record.Result == "ready" || record.Ready != nil, nil
}

func readLaunch(path string) (int64, error) {
	text, err := readSmall(path, maxMarker)
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	seconds, err := strconv.ParseInt(strings.TrimSpace(first), 10, 64)
	if err != nil || seconds <= 0 {
		return 0, fmt.Errorf("%s does not hold seconds since 1970", path)
	}
	return seconds, nil
}

func readSmall(path string, most int64) ([]byte, error) {
	file, err := openfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("%s is larger than %d bytes", path, most)
	}
	return text, err
}
