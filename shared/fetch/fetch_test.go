package fetch

import (
	"context"
	"crypto/md5"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"jetpack.internal/shared/locker"
)

// shaky is a locker of one blob that gives a few bytes at a time.
type shaky struct {
	content string
	atOnce  int // bytes of each reply, 0 for none at all
	opened  int
	offsets int64 // sum of the offsets that were asked for
}

func (s *shaky) Address(name string) string                                  { return "shaky:" + name }
func (s *shaky) List(context.Context, string, func(locker.Blob) error) error { return nil }
func (s *shaky) Find(_ context.Context, name string) (locker.Blob, error)    { return s.blob(), nil }
func (s *shaky) Open(_ context.Context, _ locker.Blob, at int64) (io.ReadCloser, error) {
	s.opened++
	s.offsets += at
	if s.atOnce == 0 {
		return nil, errors.New("away")
	}
	rest := s.content[at:]
	return io.NopCloser(strings.NewReader(rest[:min(s.atOnce, len(rest))])), nil
}

func (s *shaky) blob() locker.Blob {
	sum := md5.Sum([]byte(s.content))
	return locker.Blob{Name: "b", Size: int64(len(s.content)), ETag: "1", MD5: sum[:]}
}

func target(t *testing.T) Target {
	dir := t.TempDir()
	return Target{Part: filepath.Join(dir, "part"), Path: filepath.Join(dir, "file"), Mode: 0o640, Durable: true}
}

func bring(t *testing.T, s *shaky, to Target) (int64, error) {
	t.Helper()
	var sum int64
	source := Source{Locker: s, Blob: s.blob()}
	err := source.Bring(t.Context(), to, func(n int64) { sum += n })
	if err == nil && !source.Holds(to.Path) {
		t.Errorf("%s is not what was asked for", to.Path)
	}
	return sum, err
}

// TestBringInPieces: every reply ends early, and none is asked for twice.
func TestBringInPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shaky{content: "twelve bytes", atOnce: 5}
		sum, err := bring(t, s, target(t))
		if err != nil || sum != 12 || s.opened != 3 || s.offsets != 5+10 {
			t.Errorf("%d bytes in %d replies, offsets %d: %v", sum, s.opened, s.offsets, err)
		}
	})
}

// TestBringGivesUp: without a byte, after a while, leaving nothing in place.
func TestBringGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, to := &shaky{content: "x"}, target(t)
		if _, err := bring(t, s, to); err == nil || s.opened != attempts {
			t.Errorf("%d attempts, %v", s.opened, err)
		}
		if _, err := os.Stat(to.Path); err == nil {
			t.Error("there is a file")
		}
	})
}

// TestBringOntoAPart: of what lies there, a true start is used, a wrong one
// and one that is too long are not.
func TestBringOntoAPart(t *testing.T) {
	for there, want := range map[string]int{"twelve ": 1, "eleven ": 2, "twelve bytes and more": 1, "twelve bytes": 0} {
		s, to := &shaky{content: "twelve bytes", atOnce: 100}, target(t)
		if err := os.WriteFile(to.Part, []byte(there), 0o600); err != nil {
			t.Fatal(err)
		}
		if sum, err := bring(t, s, to); err != nil || s.opened != want || sum != 12 {
			t.Errorf("%q: %d replies, %d bytes: %v", there, s.opened, sum, err)
		}
		if _, err := os.Stat(to.Part); err == nil {
			t.Errorf("%q: the part is still there", there)
		}
	}
}

// TestBringOntoABadDisk: a disk that fails is told from a locker that does.
func TestBringOntoABadDisk(t *testing.T) {
	to := target(t)
	to.Part = filepath.Join(to.Part, "in", "no", "folder")
	var disk DiskError
	if _, err := bring(t, &shaky{content: "x", atOnce: 1}, to); !errors.As(err, &disk) {
		t.Errorf("error %v", err)
	}
}

// TestKey: another content has another name.
func TestKey(t *testing.T) {
	s := &shaky{content: "x"}
	keys := map[string]bool{}
	for _, b := range []locker.Blob{{Name: "a", ETag: "1", Size: 1}, {Name: "b", ETag: "1", Size: 1}, {Name: "a", ETag: "2", Size: 1}, {Name: "a", ETag: "1", Size: 2}} {
		keys[Source{Locker: s, Blob: b}.Key()] = true
	}
	if len(keys) != 4 {
		t.Errorf("%d keys, want 4", len(keys))
	}
}
