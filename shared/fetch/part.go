package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"jetpack.internal/shared/locker"
)

const (
	attempts = 8                      // without any progress
	pause    = 100 * time.Millisecond // after the first; doubled each time
	buffer   = 128 << 10              // bytes
)

// part is a download under way.
type part struct {
	source  Source
	out     *os.File
	size    int64 // bytes that are there
	digest  digest
	arrived func(n int64)
}

// open opens the file at path, for this process alone, and digests what it
// holds already.
func (s Source) open(ctx context.Context, path string, arrived func(n int64)) (*part, error) {
	out, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, DiskError{err}
	}
	for !claim(out) {
		if !wait(ctx, pause) {
			out.Close()
			return nil, context.Cause(ctx)
		}
	}
	p := &part{source: s, out: out, digest: s.digest(), arrived: arrived}
	if err := p.reread(); err != nil {
		out.Close()
		return nil, DiskError{err}
	}
	return p, nil
}

func (p *part) reread() error {
	info, err := p.out.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	if info.Size() > p.source.Blob.Size {
		return p.out.Truncate(0)
	}
	p.size, err = io.Copy(p.digest.all, p.out)
	p.arrived(p.size)
	return err
}

// fill fetches what is missing, again and again as long as bytes arrive.
func (p *part) fill(ctx context.Context) error {
	for failures := 0; p.size < p.source.Blob.Size; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		before := p.size
		err := p.fetch(ctx)
		if err != nil && final(err) {
			return err
		}
		if p.size > before {
			failures = 0
		}
		if failures++; failures >= attempts {
			return fmt.Errorf("gave up after %d attempts: %w", attempts, err)
		}
		if err != nil && !wait(ctx, pause<<(failures-1)) {
			return context.Cause(ctx)
		}
	}
	return p.digest.verify(p.source)
}

// final tells the errors that no repetition can mend.
func final(err error) bool {
	for _, kind := range []error{locker.ErrChanged, locker.ErrMissing, locker.ErrDenied, locker.ErrInvalid, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, kind) {
			return true
		}
	}
	var disk DiskError
	return errors.As(err, &disk)
}

func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

var buffers = sync.Pool{New: func() any { return new([buffer]byte) }}

// fetch copies from the locker until it stops giving.
func (p *part) fetch(ctx context.Context) error {
	in, err := p.source.Locker.Open(ctx, p.source.Blob, p.size)
	if err != nil {
		return err
	}
	defer in.Close()
	space := buffers.Get().(*[buffer]byte)
	defer buffers.Put(space)
	_, err = io.CopyBuffer(onlyWriter{p}, onlyReader{io.LimitReader(in, p.source.Blob.Size-p.size)}, space[:])
	if err == nil && p.size < p.source.Blob.Size {
		return io.ErrUnexpectedEOF
	}
	return err
}

type onlyWriter struct{ io.Writer }
type onlyReader struct{ io.Reader }

// Write appends to the file and digests.
func (p *part) Write(data []byte) (int, error) {
	n, err := p.out.Write(data)
	p.size += int64(n)
	p.digest.all.Write(data[:n])
	p.arrived(int64(n))
	if err != nil {
		return n, DiskError{err}
	}
	return n, nil
}

// finish gives the file what it needs beside its content.
func (p *part) finish(to Target) error {
	if to.Mode != 0 {
		if err := p.out.Chmod(to.Mode); err != nil && modes {
			return DiskError{err}
		}
	}
	if to.Durable {
		if err := p.out.Sync(); err != nil {
			return DiskError{err}
		}
	}
	return nil
}
