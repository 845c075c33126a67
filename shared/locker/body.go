package locker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	azblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
)

// patience is how long a connection may be silent.
const patience = 60 * time.Second

var errStalled = errors.New("nothing has arrived for a minute")

// watchdog ends a context when nothing happens for too long.
type watchdog struct {
	timer *time.Timer
	end   context.CancelCauseFunc
}

func watch(ctx context.Context) (context.Context, watchdog) {
	ctx, end := context.WithCancelCause(ctx)
	// The first reply may take the SDK's own retries.
	timer := time.AfterFunc(10*patience, func() { end(errStalled) })
	return ctx, watchdog{timer, end}
}

func (w watchdog) stop() {
	w.timer.Stop()
	w.end(nil)
}

// body is a download under way.
type body struct {
	from io.ReadCloser
	dog  watchdog
	ctx  context.Context
}

func (b *body) Read(p []byte) (int, error) {
	b.dog.timer.Reset(patience)
	n, err := b.from.Read(p)
	if err != nil && err != io.EOF {
		err = silence(b.ctx, err)
	}
	return n, err
}

func (b *body) Close() error {
	b.dog.stop()
	return b.from.Close()
}

// check makes sure that the reply is the part that was asked for: a proxy on
// the way may not know conditions or ranges.
func (b *body) check(reply azblob.DownloadStreamResponse, blob Blob, offset int64) error {
	if reply.ETag != nil && bare(*reply.ETag) != blob.ETag {
		return fmt.Errorf("%w: its ETag is another", ErrChanged)
	}
	if offset == 0 {
		return nil
	}
	if reply.ContentRange == nil { // the whole content
		_, err := io.CopyN(io.Discard, b, offset)
		return err
	}
	if !strings.HasPrefix(*reply.ContentRange, fmt.Sprintf("bytes %d-", offset)) {
		return fmt.Errorf("the server sent %q instead of what follows byte %d", *reply.ContentRange, offset)
	}
	return nil
}

// silence names the watchdog where it was the reason of err.
func silence(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
		return cause
	}
	return plain(err)
}
