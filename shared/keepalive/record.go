package keepalive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/openfile"
)

const maxFile = 64 << 10 // bytes of a state file that are read

// record is the file's content. The deadline is written by both clocks: the
// boot-time clock decides within the boot it was set in, the wall clock after
// a reboot.
type record struct {
	Forever   bool         `json:"forever"`
	Until     *time.Time   `json:"until"` // null when forever
	Reason    string       `json:"reason,omitempty"`
	Set       time.Time    `json:"set"`
	Boot      string       `json:"boot_id,omitempty"`
	BootUntil float64      `json:"boot_until_s,omitempty"` // seconds since that boot
	Machine   boot.Machine `json:"machine"`
}

func newRecord(wish Wish, now boot.Moment, machine boot.Machine) record {
	r := record{Reason: wish.Reason, Set: now.Wall.UTC(), Machine: machine}
	if wish.Forever {
		r.Forever = true
		return r
	}
	until := now.Wall.Add(wish.For).UTC()
	r.Until, r.Boot, r.BootUntil = &until, now.Boot, (now.Up + wish.For).Seconds()
	return r
}

// load reads the file. Its errors keep fs.ErrNotExist.
func load(path string) (record, error) {
	file, err := openfile.Open(path)
	if err != nil {
		return record{}, fmt.Errorf("cannot read the keepalive: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return record{}, fmt.Errorf("cannot read the keepalive: %w", err)
	}
	r, err := decode(text)
	if err != nil {
		return record{}, fmt.Errorf("cannot understand the keepalive %s: %w", path, err)
	}
	return r, nil
}

func decode(text []byte) (record, error) {
	var r record
	if len(text) > maxFile {
		return r, fmt.Errorf("more than %d bytes", maxFile)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return r, errors.New("empty file")
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return record{}, err
	}
	if !r.Forever && r.Until == nil {
		return record{}, errors.New("neither an end nor forever")
	}
	return r, nil
}

func (r record) encode() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("cannot write the keepalive: %w", err)
	}
	return append(text, '\n'), nil
}

// state is what the record means now, on the machine it was set on.
func (r record) state(now boot.Moment) State {
	if r.Forever {
		return State{Active: true, Forever: true, Reason: r.Reason}
	}
	left := r.left(now)
	if left <= 0 {
		return State{Reason: r.Reason}
	}
	return State{Active: true, Until: now.Wall.Add(left), Left: left, Reason: r.Reason}
}

// left is how long the record still holds. A wall clock that stands before the
// moment of setting tells nothing, so then all of the time is left.
func (r record) left(now boot.Moment) time.Duration {
	if r.inBoot(now) {
		return seconds(r.BootUntil) - now.Up
	}
	return min(r.Until.Sub(now.Wall), r.Until.Sub(r.Set))
}

// seconds is s as a duration, within the longest one that has an end, so that
// a file of nonsense does not overflow.
func seconds(s float64) time.Duration {
	limit := (2 * Longest).Seconds()
	return time.Duration(max(-limit, min(limit, s)) * float64(time.Second))
}

func (r record) inBoot(now boot.Moment) bool { return now.Boot != "" && r.Boot == now.Boot }

// portable tells whether the record goes by the wall clock now and need not.
func (r record) portable(now boot.Moment) bool {
	return !r.Forever && now.Boot != "" && !r.inBoot(now) && !now.Wall.Before(r.Set)
}
