package courier

import (
	"context"
	"fmt"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/journal"
	"jetpack.internal/shared/message"
)

// File is the courier of a node without a server: it appends each message as
// an envelope, one line of JSON, to a file that is rotated.
type File struct {
	file journal.File
	id   func() message.Identity
}

// The file and its four predecessors keep the last 80 MiB.
const (
	fileLimit = 16 << 20
	fileKeep  = 4
)

// newFile is the courier that appends to path.
func newFile(path string, id func() message.Identity) *File {
	return &File{journal.File{Path: path, Limit: fileLimit, Keep: fileKeep, Sync: true}, id}
}

// Carry appends what is there at once with one trip to the disk.
func (f *File) Carry(ctx context.Context, in <-chan message.Message, done Done) error {
	for {
		batch := gather(ctx, in)
		if len(batch) == 0 {
			return ctx.Err()
		}
		if err := f.append(ctx, batch); err != nil {
			return err
		}
		for _, m := range batch {
			if err := done(m, nil); err != nil {
				return err
			}
		}
	}
}

func (f *File) append(ctx context.Context, batch []message.Message) error {
	var lines []byte
	for _, m := range batch {
		line, err := m.AsEnvelope(f.id())
		if err != nil {
			return err
		}
		lines = append(append(lines, line...), '\n')
	}
	if err := f.file.Append(ctx, lines); err != nil {
		return exit.With(exit.Temporary, fmt.Errorf("cannot write messages: %w", err))
	}
	return nil
}

// Close does nothing: no file stays open.
func (f *File) Close() error { return nil }

// Bounds of a batch that goes out as one.
const (
	batchCount = 500
	batchBytes = 1 << 20
)

// gather waits for a message and takes with it those that wait already. It
// is empty when in is closed or the context ends.
func gather(ctx context.Context, in <-chan message.Message) []message.Message {
	var batch []message.Message
	select {
	case m, open := <-in:
		if !open {
			return nil
		}
		batch = append(batch, m)
	case <-ctx.Done():
		return nil
	}
	size := len(batch[0].Body)
	for len(batch) < batchCount && size < batchBytes {
		select {
		case m, open := <-in:
			if !open {
				return batch
			}
			batch = append(batch, m)
			size += len(m.Body)
		default:
			return batch
		}
	}
	return batch
}
