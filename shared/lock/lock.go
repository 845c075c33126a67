// Package lock takes an exclusive lock on a file with a time-out. The lock is
// freed by the death of its process, so a crash never leaves it held.
package lock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// Lock is a held lock.
type Lock struct{ file *flock.Flock }

// HeldError tells that another process kept the lock for all of the wait.
type HeldError struct {
	Path   string
	Holder string // "pid 12, since 2006-01-02T15:04:05Z", or "another process"
}

func (e *HeldError) Error() string { return fmt.Sprintf("%s is held by %s", e.Path, e.Holder) }

// Acquire takes the lock at path, making the file if need be (its folder must
// exist), and waits up to wait for another holder to let go: then a
// *HeldError. The file stays when the lock is released; it tells who held it.
// A process that gave up waiting, and lives on, may have the lock for an instant
// when it becomes free: who wants it then for sure waits a moment.
func Acquire(ctx context.Context, path string, wait time.Duration) (*Lock, error) {
	file := flock.New(path, flock.SetFlag(os.O_RDWR|os.O_CREATE), flock.SetPermissions(0o640))
	locked, err := try(ctx, file, wait)
	if errors.Is(err, syscall.EROFS) { // a disk that went read-only still locks
		reader := flock.New(path, flock.SetFlag(os.O_RDONLY))
		if held, failed := try(ctx, reader, wait); !errors.Is(failed, fs.ErrNotExist) {
			file, locked, err = reader, held, failed
		}
	}
	if err != nil {
		return nil, fmt.Errorf("cannot lock: %w", err)
	}
	if !locked {
		return nil, &HeldError{Path: path, Holder: holder(path)}
	}
	sign(path)
	return &Lock{file}, nil
}

// try waits in the kernel, which wakes one process at a time in their order:
// a thousand that look again every few milliseconds keep a machine busy.
func try(ctx context.Context, file *flock.Flock, wait time.Duration) (bool, error) {
	locked, err := file.TryLock()
	if locked || err != nil || wait <= 0 {
		return locked, err
	}
	done := make(chan error)
	abandoned := make(chan struct{})
	go func() {
		err := file.Lock()
		select {
		case done <- err:
		case <-abandoned:
			_ = file.Unlock()
		}
	}()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case err := <-done:
		return err == nil, err
	case <-timer.C:
		close(abandoned)
		return false, nil
	case <-ctx.Done():
		close(abandoned)
		return false, ctx.Err()
	}
}

// Release frees the lock.
func (l *Lock) Release() error { return l.file.Unlock() }

// sign writes who holds the lock, for the message that another process prints.
// It is only a courtesy: a failure costs the name, not the lock. All signatures
// are of one length, so that each covers the one before and none is read half.
func sign(path string) {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer file.Close()
	text := fmt.Sprintf("pid %d, since %s", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
	_, _ = file.WriteAt(fmt.Appendf(nil, "%-*s\n", signatureLength, text), signedAt)
}

// signatureLength has room for the largest process id.
const signatureLength = len("pid 4294967295, since 2006-01-02T15:04:05Z")

func holder(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return "another process"
	}
	defer file.Close()
	text, err := io.ReadAll(io.NewSectionReader(file, signedAt, 200))
	line, _, _ := strings.Cut(string(text), "\n")
	if err != nil || !strings.HasPrefix(line, "pid ") || strings.ContainsFunc(line, unprintable) {
		return "another process"
	}
	return strings.TrimRight(line, " ")
}

func unprintable(r rune) bool { return r < ' ' || r > '~' }
