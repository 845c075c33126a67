package outbox

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/lock"
	"jetpack.internal/shared/message"
)

// Drain is the right to empty a box, which one process has at a time.
type Drain struct {
	box  *Box
	held *lock.Lock
}

// Batch is what one file of the box held when it was read.
type Batch struct {
	Messages []message.Message
	segment  segment
	data     []byte
	ends     []int   // where each message's record ends in data
	damaged  []piece // what is no message
}

// Drain waits up to wait for the right to empty the box; a *lock.HeldError
// tells that another process is at it.
func (b *Box) Drain(ctx context.Context, wait time.Duration) (*Drain, error) {
	if err := b.prepare(); err != nil {
		return nil, fmt.Errorf("cannot make outbox: %w", err)
	}
	held, err := lock.Acquire(ctx, filepath.Join(b.dir, drainLock), wait)
	if err != nil {
		return nil, err
	}
	return &Drain{b, held}, nil
}

// Close gives the right back.
func (d *Drain) Close() error { return d.held.Release() }

// Next reads the oldest file of the box. A batch without any message may be
// damaged as a whole; nil means that the box is empty.
func (d *Drain) Next(ctx context.Context) (*Batch, error) {
	var batch *Batch
	err := d.box.locked(ctx, func() error {
		all, err := segments(d.box.dir)
		if err != nil || len(all) == 0 {
			return err
		}
		data, err := read(d.box.dir, all[0])
		batch = parse(all[0], data)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read outbox: %w", err)
	}
	return batch, nil
}

func parse(s segment, data []byte) *Batch {
	b := &Batch{segment: s, data: data}
	for _, p := range pieces(data) {
		m, err := message.Unmarshal(p.text)
		if !p.sound || err != nil {
			b.damaged = append(b.damaged, p)
			continue
		}
		b.Messages = append(b.Messages, m)
		b.ends = append(b.ends, p.end)
	}
	return b
}

// Done removes the first n messages of the batch, which is of no further use
// then. What other processes have added in the meantime stays.
func (d *Drain) Done(ctx context.Context, b *Batch, n int) error {
	gone := len(b.data)
	if n < len(b.Messages) {
		if n == 0 {
			return nil
		}
		gone = b.ends[n-1]
	}
	err := d.box.locked(ctx, func() error { return d.box.forget(b, n, gone) })
	if err != nil {
		return fmt.Errorf("cannot take delivered messages off the outbox: %w", err)
	}
	return nil
}

// forget takes the first gone bytes, which held n messages, off a segment.
func (b *Box) forget(batch *Batch, n, gone int) error {
	if err := b.setAside(batch.damaged, gone); err != nil {
		return err
	}
	path := filepath.Join(b.dir, batch.segment.name())
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() == int64(gone) {
		return os.Remove(path)
	}
	rest, err := read(b.dir, segment{batch.segment.first, info.Size()})
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, rest[gone:], fileMode); err != nil {
		return err
	}
	// The new name only keeps the count right: a crash before it costs nothing.
	renamed := segment{first: batch.segment.first + n}
	return os.Rename(path, filepath.Join(b.dir, renamed.name()))
}
