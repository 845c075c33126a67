// Package fetch brings a blob of a locker to a file of this machine: going on
// where a former attempt stopped, verified, and whole or not at all.
package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"jetpack.internal/shared/boot"
	"jetpack.internal/shared/locker"
)

// ErrDigest tells that what arrived is not what the locker says it holds.
var ErrDigest = errors.New("the content does not match its digest")

// DiskError is a failure of this machine's disk, not of the locker.
type DiskError struct{ error }

// Unwrap is the cause.
func (e DiskError) Unwrap() error { return e.error }

// Source is a blob and what is known of its content.
type Source struct {
	Locker locker.Locker
	Blob   locker.Blob
	SHA256 []byte // digest of the content, nil when nobody tells it
}

// Target is where a blob goes.
type Target struct {
	Part    string      // grows there; the file of this content alone, see Key
	Path    string      // is put there once whole, on the same disk
	Mode    fs.FileMode // permissions, exactly; 0 leaves the file closed to others
	Durable bool        // it is on the disk before it is put there
}

// Key is a name for files that hold this content of this blob and no other.
// Where no digest can tell what a power cut has done to them, it is a new one
// after each boot.
func (s Source) Key() string {
	since := ""
	if !s.hasDigest() {
		since = boot.Now().Boot
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%q %q %d %s", s.Locker.Address(s.Blob.Name), s.Blob.ETag, s.Blob.Size, since))
	return hex.EncodeToString(key[:16])
}

func (s Source) hasDigest() bool { return s.Blob.MD5 != nil || s.SHA256 != nil }

// IsWhole tells whether a file that is named by Key was put there by Bring and
// is still whole.
func (s Source) IsWhole(path string) bool {
	if s.hasDigest() {
		return s.Holds(path)
	}
	info, err := os.Stat(path)
	return err == nil && info.Size() == s.Blob.Size
}

// Bring downloads the blob, with repetitions as long as bytes arrive, and
// tells arrived how many more bytes are there; negative when they have to come
// again. Whoever else brings the same at this time is waited for. After a
// failure, the part stays for the next attempt if it can be of use.
func (s Source) Bring(ctx context.Context, to Target, arrived func(n int64)) error {
	err := s.bring(ctx, to, arrived)
	if errors.Is(err, ErrDigest) {
		err = s.bring(ctx, to, arrived) // once more from the start: part or line may have been damaged
	}
	return err
}

func (s Source) bring(ctx context.Context, to Target, arrived func(n int64)) error {
	p, err := s.open(ctx, to.Part, arrived)
	if err != nil {
		return err
	}
	err = p.fill(ctx)
	if err == nil {
		err = p.finish(to)
	}
	err = errors.Join(err, p.out.Close())
	if errors.Is(err, ErrDigest) || errors.Is(err, locker.ErrChanged) {
		os.Remove(to.Part)
		arrived(-p.size)
	}
	if err != nil {
		return err
	}
	// The part is gone where a twin of this process has put it there meanwhile.
	if err := os.Rename(to.Part, to.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return DiskError{err}
	}
	return nil
}

// Holds tells whether the file at path has the blob's content already, which
// only a digest can tell.
func (s Source) Holds(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() != s.Blob.Size || !s.hasDigest() {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	d := s.digest()
	if _, err := io.Copy(d.all, file); err != nil {
		return false
	}
	return d.verify(s) == nil
}
