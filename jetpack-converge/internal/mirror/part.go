package mirror

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
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
	file     File
	out      *os.File
	size     int64 // bytes that are there
	md5, sha hash.Hash
	progress Progress
}

// openPart opens the file at path and digests what it holds already.
func openPart(path string, file File, progress Progress) (*part, error) {
	out, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	p := &part{file: file, out: out, progress: progress}
	if file.Blob.MD5 != nil {
		p.md5 = md5.New()
	}
	if file.SHA256 != nil {
		p.sha = sha256.New()
	}
	if err := p.reread(); err != nil {
		out.Close()
		return nil, err
	}
	return p, nil
}

func (p *part) reread() error {
	info, err := p.out.Stat()
	if err != nil {
		return err
	}
	if info.Size() > p.file.Blob.Size {
		return p.out.Truncate(0)
	}
	p.size, err = io.Copy(p.digests(), p.out)
	p.progress.Bytes(p.size)
	return err
}

func (p *part) digests() io.Writer {
	var writers []io.Writer
	for _, h := range []hash.Hash{p.md5, p.sha} {
		if h != nil {
			writers = append(writers, h)
		}
	}
	return io.MultiWriter(writers...)
}

func (p *part) close() error { return p.out.Close() }

// fill fetches what is missing, again and again as long as bytes arrive.
func (p *part) fill(ctx context.Context, from locker.Locker) error {
	for failures := 0; p.size < p.file.Blob.Size; {
		before := p.size
		err := p.fetch(ctx, from)
		if err != nil && final(err) {
			return err
		}
		if p.size > before {
			failures = 0
		}
		if failures++; failures > attempts {
			return fmt.Errorf("gave up after %d attempts: %w", attempts, err)
		}
		if err != nil && !wait(ctx, pause<<(failures-1)) {
			return context.Cause(ctx)
		}
	}
	return p.verify()
}

// final tells the errors that no repetition can mend.
func final(err error) bool {
	var disk diskError
	for _, kind := range []error{locker.ErrChanged, locker.ErrMissing, locker.ErrDenied, locker.ErrInvalid, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return errors.As(err, &disk)
}

// diskError is a failure of this machine's disk, not of the locker.
type diskError struct{ error }

func (e diskError) Unwrap() error { return e.error }

func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// fetch copies from the locker until it stops giving.
func (p *part) fetch(ctx context.Context, from locker.Locker) error {
	in, err := from.Open(ctx, p.file.Blob, p.size)
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = io.CopyBuffer(onlyWriter{p}, onlyReader{io.LimitReader(in, p.file.Blob.Size-p.size)}, make([]byte, min(buffer, p.file.Blob.Size)))
	if err == nil && p.size < p.file.Blob.Size {
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
	p.digests().Write(data[:n])
	p.progress.Bytes(int64(n))
	if err != nil {
		return n, diskError{err}
	}
	return n, nil
}

func (p *part) verify() error {
	if p.md5 != nil && !bytes.Equal(p.md5.Sum(nil), p.file.Blob.MD5) {
		return fmt.Errorf("%w (MD5)", errDigest)
	}
	if p.sha != nil && !bytes.Equal(p.sha.Sum(nil), p.file.SHA256) {
		return fmt.Errorf("%w (SHA-256)", errDigest)
	}
	return nil
}
