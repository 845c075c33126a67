package outbox

import (
	"context"
	"errors"
	"io/fs"

	"jetpack.internal/shared/message"
)

// Pending calls each with every waiting message, oldest first, without
// changing the box, and returns how many damaged records it saw.
func (b *Box) Pending(ctx context.Context, each func(message.Message) error) (damaged int, err error) {
	all, err := segments(b.dir)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	for _, s := range all {
		data, err := read(b.dir, s)
		if errors.Is(err, fs.ErrNotExist) {
			continue // delivered while we were reading
		}
		if err != nil {
			return damaged, err
		}
		batch := parse(s, data)
		damaged += len(batch.damaged)
		for _, m := range batch.Messages {
			if err := each(m); err != nil {
				return damaged, err
			}
		}
		if ctx.Err() != nil {
			return damaged, ctx.Err()
		}
	}
	return damaged, nil
}
