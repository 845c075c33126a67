// Package keepalive is the promise that HealthCheck lets the node live until
// a deadline: read, extended, taken back.
package keepalive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/lock"
)

// File is the name of the state file below the home's run folder.
const File = "keepalive.json"

// lockWait is how long a change waits for another one, which takes no time.
const lockWait = 5 * time.Second

// State is what a keepalive means at one moment.
type State struct {
	Active  bool
	Forever bool          // without an end, or with none that could be read
	Until   time.Time     // by the clock on the wall as it is now; zero without an end
	Left    time.Duration // 0 without an end
	Reason  string        // the user's words, as they were given
	Problem string        // why the file is not taken at its word; "" if it is
}

// Read tells what the keepalive at path means now on this machine. A file that
// cannot be read or understood holds until someone takes it back: a node kept
// too long costs money, a node killed wrongly costs work. One that was set on
// another machine and came with its image does not hold. Both are told in
// Problem.
func Read(path string, now boot.Moment, machine boot.Machine) State {
	r, err := load(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return State{}
	case err != nil:
		return State{Active: true, Forever: true, Problem: err.Error()}
	case r.Machine.Is(machine) == boot.Other:
		return State{Reason: r.Reason, Problem: fmt.Sprintf("%s was set on another machine and does not hold here", path)}
	}
	return r.state(now)
}

// Wish is a keepalive to be.
type Wish struct {
	For     time.Duration
	Forever bool // whatever For is
	Reason  string
	Replace bool // put it in the place of a longer one, too
}

// Set makes a wish true, from now on, and tells what then holds. Where a
// longer keepalive holds already, that one stays and is returned with kept,
// unless the wish is to replace it. The folder of path must exist.
func Set(ctx context.Context, path string, wish Wish, now boot.Moment, machine boot.Machine) (state State, kept bool, err error) {
	held, err := lock.Acquire(ctx, path+".lock", lockWait)
	if err != nil {
		return State{}, false, err
	}
	defer held.Release()
	r := newRecord(wish, now, machine)
	wanted := r.state(now)
	if before := Read(path, now, machine); !wish.Replace && before.outlasts(wanted) {
		return before, true, nil
	}
	text, err := r.encode()
	if err != nil {
		return State{}, false, err
	}
	return wanted, false, atomicfile.Write(path, text, 0o644)
}

// outlasts tells whether s holds longer than other.
func (s State) outlasts(other State) bool {
	switch {
	case !s.Active || other.Forever:
		return false
	case s.Forever:
		return true
	}
	return s.Left > other.Left
}

// Off takes a keepalive back and tells whether there was a file of one.
func Off(ctx context.Context, path string) (bool, error) {
	held, err := lock.Acquire(ctx, path+".lock", lockWait)
	if err != nil {
		return false, err
	}
	defer held.Release()
	err = os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("cannot remove the keepalive: %w", err)
	}
	return true, atomicfile.SyncFolder(filepath.Dir(path))
}

// Carry brings a keepalive that was set before a reboot over into this boot:
// from now on its deadline goes by the clock that no one can set. It leaves
// alone what does not hold, has no end or is of this boot already, and waits
// while the clock on the wall is plainly wrong (before the keepalive was set).
func Carry(ctx context.Context, path string, now boot.Moment, machine boot.Machine) error {
	if r, err := load(path); err != nil || !r.portable(now) {
		return nil
	}
	held, err := lock.Acquire(ctx, path+".lock", lockWait)
	if err != nil {
		return err
	}
	defer held.Release()
	r, err := load(path)
	if err != nil || !r.portable(now) || !Read(path, now, machine).Active {
		return nil
	}
	r.Boot, r.BootUntil = now.Boot, (now.Up + r.left(now)).Seconds()
	text, err := r.encode()
	if err != nil {
		return err
	}
	return atomicfile.Write(path, text, 0o644)
}
