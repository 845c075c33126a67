// Package builtin are the checks that every node has.
package builtin

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"jetpack.internal/shared/check"
	"jetpack.internal/shared/openfile"
)

// The names of the checks.
const (
	Scheduled = "scheduled_shutdown"
	Converge  = "converge_timeout"
)

// Names of all of them, in their order.
func Names() []string { return []string{Converge, Scheduled} }

const (
	maxMarker  = 4096 // bytes of a marker that are read
	maxMarkers = 10_000
)

// ScheduledShutdown judges the markers of a folder: files whose first line is
// a time in seconds since 1970 and whose second may be a reason. Past the
// earliest, the node is unhealthy. A marker that makes no sense is unknown,
// and never more.
func ScheduledShutdown(dir string, now time.Time) check.Result {
	result := check.Result{Name: Scheduled, Verdict: check.Good, Reason: "no shutdown is scheduled"}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return result
	case err != nil:
		return unknown(result, fmt.Sprintf("cannot read the scheduled shutdowns: %v", err))
	case len(entries) > maxMarkers:
		return unknown(result, fmt.Sprintf("cannot read the scheduled shutdowns: more than %d", maxMarkers))
	}
	var first marker
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		m, err := readMarker(filepath.Join(dir, entry.Name()))
		switch {
		case errors.Is(err, fs.ErrNotExist): // taken back since the folder was read
		case err != nil:
			result = unknown(result, fmt.Sprintf("marker %q: %v", entry.Name(), err))
		case first.at.IsZero() || m.at.Before(first.at):
			first = m
		}
	}
	return first.judge(result, now)
}

func unknown(result check.Result, reason string) check.Result {
	result.Verdict, result.Reason = check.Unknown, reason
	return result
}

// marker is one scheduled shutdown.
type marker struct {
	at     time.Time
	reason string
}

// judge adds the earliest marker to what is wrong with others.
func (m marker) judge(result check.Result, now time.Time) check.Result {
	switch {
	case m.at.IsZero():
	case now.Before(m.at):
		if result.Verdict == check.Good {
			result.Reason = "a shutdown is scheduled for " + m.at.UTC().Format(time.RFC3339) + m.because()
		}
	default:
		result.Verdict = check.Bad
		result.Reason = "a shutdown was scheduled for " + m.at.UTC().Format(time.RFC3339) + m.because()
	}
	return result
}

func (m marker) because() string {
	if m.reason == "" {
		return ""
	}
	return fmt.Sprintf(": %q", m.reason)
}

func readMarker(path string) (marker, error) {
	info, err := os.Stat(path)
	if err != nil {
		return marker{}, err
	}
	if !info.Mode().IsRegular() {
		return marker{}, errors.New("it is not a file")
	}
	file, err := openfile.Open(path)
	if err != nil {
		return marker{}, err
	}
	defer file.Close()
	return parseMarker(file)
}

// parseMarker reads a marker's two lines. Years after 9999 make no sense, and
// neither does a time before 2001 that no newline ends: the writer may not
// have come to the last digits yet.
func parseMarker(r io.Reader) (marker, error) {
	const last, whole = 253402300799, 1_000_000_000
	text, err := io.ReadAll(io.LimitReader(r, maxMarker))
	if err != nil {
		return marker{}, err
	}
	first, rest, ended := strings.Cut(string(text), "\n")
	seconds, err := strconv.ParseFloat(strings.TrimSpace(first), 64)
	if err != nil || strings.ContainsAny(first, "xXpP_") || !(seconds > 0 && seconds <= last) || !ended && seconds < whole {
		return marker{}, errors.New("its first line is not a time in seconds since 1970")
	}
	reason, _, _ := strings.Cut(rest, "\n")
	return marker{time.Unix(int64(seconds), 0), strings.TrimSpace(reason)}, nil
}
