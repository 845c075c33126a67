// Package record keeps run/converge.json: what the last converge did, and
// what it is doing.
package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/openfile"
)

const maxSize = 32 << 20 // bytes

// Results of a converge, a phase and a script.
const (
	Ready   = "ready"   // a converge that has done everything
	Failed  = "failed"  // a converge, phase or script
	Running = "running" // a converge or phase
	Never   = "never"   // no converge yet
	Done    = "done"    // a phase
	Skipped = "skipped" // a phase or script that had nothing to do
	Ran     = "ran"     // a script
	Pending = "pending" // a script that was not reached
)

// Record is the file's content. Its form is a stable interface.
type Record struct {
	Result  string     `json:"result"`
	Mode    string     `json:"mode,omitempty"`
	Attempt int        `json:"attempt,omitempty"` // counts until the node is ready, from 1
	Started *time.Time `json:"started"`
	Ended   *time.Time `json:"ended"`
	Ready   *time.Time `json:"ready"` // when the node was first ready
	Phases  []Phase    `json:"phases"`
	Scripts []Script   `json:"scripts"`
	Error   *Error     `json:"error"`
	Process *Process   `json:"process,omitempty"` // only while running

	Interrupted bool `json:"-"` // it was running when its process died
}

// Phase is one part of a converge.
type Phase struct {
	Name     string  `json:"name"`
	Result   string  `json:"result"`
	Duration float64 `json:"duration_s"`
}

// Script is one cluster-init script of the converge.
type Script struct {
	Project  string  `json:"project"`
	Version  string  `json:"version"`
	Spec     string  `json:"spec"`
	Name     string  `json:"script"`
	Result   string  `json:"result"`
	Status   *int    `json:"exit_status"` // null when it did not end by itself
	Duration float64 `json:"duration_s"`
	Log      string  `json:"log"`
}

// Error is what went wrong, for people.
type Error struct {
	Description    string `json:"description"`
	Recommendation string `json:"recommendation"`
	Detail         string `json:"detail"`
}

// Process is who is converging.
type Process struct {
	PID  int    `json:"pid"`
	Boot string `json:"boot"` // of this boot of the machine; "" where there is no name for it
}

// Read reads the record at path; a node that never converged has one with the
// result Never. A converge that was running when its process died has failed.
func Read(path string) (Record, error) {
	never := Record{Result: Never}.complete()
	file, err := openfile.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return never, nil
	}
	if err != nil {
		return never, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSize))
	if err != nil {
		return never, err
	}
	record, err := Parse(text)
	if err != nil {
		return never, fmt.Errorf("%s: %w", path, err)
	}
	return record.interrupted(), nil
}

// Parse reads the text of a record.
func Parse(text []byte) (Record, error) {
	var record Record
	if err := json.Unmarshal(text, &record); err != nil {
		return Record{}, errors.New("it is not a converge record")
	}
	switch record.Result {
	case Ready, Failed, Running, Never:
		return record.complete(), nil
	}
	return Record{}, errors.New("it is not a converge record")
}

// complete makes lists of what JSON would print as null.
func (r Record) complete() Record {
	if r.Phases == nil {
		r.Phases = []Phase{}
	}
	if r.Scripts == nil {
		r.Scripts = []Script{}
	}
	return r
}

func (r Record) interrupted() Record {
	if r.Process != nil && r.Process.alive() {
		return r
	}
	return r.Over()
}

// Over is the record of a converge that cannot be running any more, as whoever
// holds the converge lock knows: its number may be another process's by now.
func (r Record) Over() Record {
	if r.Result != Running {
		return r
	}
	r.Result, r.Process, r.Interrupted = Failed, nil, true
	for i := range r.Phases {
		if r.Phases[i].Result == Running {
			r.Phases[i].Result = Failed
		}
	}
	r.Error = &Error{
		Description:    "Software configuration was interrupted",
		Recommendation: "Run `jetpack converge` again: it goes on where this one stopped",
		Detail:         "the process ended without a word: killed, or the machine went down",
	}
	return r
}

// JSON is the record's text.
func (r Record) JSON() []byte {
	text, err := json.MarshalIndent(r.complete(), "", "    ")
	if err != nil {
		return []byte("{}\n") // no member of the record can fail
	}
	return append(text, '\n')
}

// Write replaces the record at path.
func (r Record) Write(path string) error { return atomicfile.Write(path, r.JSON(), 0o644) }
