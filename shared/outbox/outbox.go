// Package outbox keeps messages that wait to leave: in order, durably, from
// many processes at once, and bounded. It is a folder of files of JSON lines
// that ls and jq can read:
//
//	jq .message run/outbox/*.jsonl
package outbox

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/lock"
	"jetpack.internal/shared/message"
)

// Limits bound a box. Messages that are not important may use nine tenths.
type Limits struct {
	Bytes int64
	Count int
}

// DefaultLimits let a node that logs once a second be offline for a day.
var DefaultLimits = Limits{Bytes: 128 << 20, Count: 100_000}

// full is the size from which on a segment takes no more records.
const full = 1 << 20

// patience bounds the wait for another process that is writing.
const patience = 10 * time.Second

// Box is an outbox in a folder.
type Box struct {
	dir    string
	limits Limits
}

// FullError tells that the box is at its bound and took none of the messages.
type FullError struct {
	Dir   string
	Count int
	Bytes int64
}

func (e *FullError) Error() string {
	return fmt.Sprintf("outbox %s is full: it holds %d messages, %d bytes", e.Dir, e.Count, e.Bytes)
}

// At is the box in the folder dir, which the first Put makes.
func At(dir string, limits Limits) *Box { return &Box{dir, limits} }

// Empty tells whether nothing waits.
func (b *Box) Empty() bool {
	all, err := segments(b.dir)
	return err == nil && len(all) == 0
}

// Put adds messages behind all others: all of them, or none. After a nil
// error they are on the disk. A full box is a *FullError; Lose counts what is
// lost by it.
func (b *Box) Put(ctx context.Context, messages ...message.Message) error {
	records, important, err := encode(messages)
	if err != nil {
		return err
	}
	if err := b.prepare(); err != nil {
		return fmt.Errorf("cannot make outbox: %w", err)
	}
	var file *os.File
	var fresh bool
	err = b.locked(ctx, func() (err error) {
		file, fresh, err = b.write(records, len(messages), important)
		return err
	})
	if err != nil {
		return err
	}
	defer file.Close()
	// Outside the lock, so that many writers share one trip to the disk. Who
	// empties the box in between has delivered the record or synced its copy.
	if err := file.Sync(); err != nil {
		return fmt.Errorf("cannot write outbox: %w", err)
	}
	if !fresh {
		return nil
	}
	return atomicfile.SyncFolder(b.dir)
}

func encode(messages []message.Message) (records []byte, important bool, err error) {
	for _, m := range messages {
		text, err := m.Marshal()
		if err != nil {
			return nil, false, err
		}
		records = appendRecord(records, text)
		important = important || m.Important
	}
	return records, important, nil
}

// write appends the records under the lock. A failed write is taken back, so
// that a full disk leaves no half record.
func (b *Box) write(records []byte, count int, important bool) (*os.File, bool, error) {
	all, err := segments(b.dir)
	if err != nil {
		return nil, false, fmt.Errorf("cannot read outbox: %w", err)
	}
	u, err := use(b.dir, all)
	if err != nil {
		return nil, false, fmt.Errorf("cannot read outbox: %w", err)
	}
	if err := b.room(u, int64(len(records)), count, important); err != nil {
		return nil, false, err
	}
	target := segment{first: u.next}
	fresh := len(all) == 0 || all[len(all)-1].size >= full
	if !fresh {
		target = all[len(all)-1]
	}
	if u.torn && !fresh {
		records = append([]byte("\n"), records...)
	}
	file, err := b.append(target, records)
	return file, fresh, err
}

func (b *Box) room(u usage, size int64, count int, important bool) error {
	limits := b.limits
	if !important {
		limits = Limits{limits.Bytes / 10 * 9, limits.Count / 10 * 9}
	}
	if u.bytes+size > limits.Bytes || u.count+count > limits.Count {
		return &FullError{b.dir, u.count, u.bytes}
	}
	return nil
}

func (b *Box) append(s segment, records []byte) (*os.File, error) {
	path := filepath.Join(b.dir, s.name())
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode)
	if err != nil {
		return nil, fmt.Errorf("cannot write outbox: %w", err)
	}
	if _, err := file.Write(records); err != nil {
		if s.size == 0 {
			os.Remove(path)
		} else {
			file.Truncate(s.size)
		}
		file.Close()
		return nil, fmt.Errorf("cannot write outbox: %w", err)
	}
	return file, nil
}

// The group of the folder may add messages too, and nobody else may read them.
const (
	fileMode   fs.FileMode = 0o660
	folderMode fs.FileMode = 0o770
)

// prepare makes the folder and the two lock files, for the group as well.
func (b *Box) prepare() error {
	if _, err := os.Stat(filepath.Join(b.dir, drainLock)); err == nil {
		return nil
	}
	if err := os.MkdirAll(b.dir, folderMode); err != nil {
		return err
	}
	for _, name := range []string{writeLock, drainLock} {
		file, err := os.OpenFile(filepath.Join(b.dir, name), os.O_RDWR|os.O_CREATE, fileMode)
		if err != nil {
			return err
		}
		file.Close()
	}
	return atomicfile.SyncFolder(filepath.Dir(b.dir))
}

const (
	writeLock = ".write.lock" // held while the files change
	drainLock = ".drain.lock" // held by the one process that empties the box
)

func (b *Box) locked(ctx context.Context, do func() error) error {
	held, err := lock.Acquire(ctx, filepath.Join(b.dir, writeLock), patience)
	if err != nil {
		return err
	}
	defer held.Release()
	return do()
}
