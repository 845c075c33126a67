package azure

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jetpack.internal/shared/atomicfile"
	"jetpack.internal/shared/openfile"
)

// record is the cache file: the service's own answer, and what it is bound to.
type record struct {
	Boot     string    `json:"boot_id"`
	Endpoint string    `json:"endpoint"`
	Fetched  time.Time `json:"fetched"`
	Failed   time.Time `json:"failed"` // the last attempt that failed since
	Instance any       `json:"instance"`
}

const (
	largest = 1 << 20 // bytes of an answer or of the cache; real answers have less than 20 kB
	rest    = 30 * time.Second
)

// load reads the cached answer; one of another boot or endpoint is none.
func (s Source) load() record {
	kept := record{}
	if s.Cache == "" {
		return kept
	}
	f, err := openfile.Open(s.Cache)
	if err != nil {
		return kept
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 2*largest))
	if err != nil || decode(text, &kept) != nil || kept.Boot != s.boot() || kept.Endpoint != s.endpoint() {
		return record{}
	}
	return kept
}

// store writes the cache file. A program that may not write there works
// without one.
func (s Source) store(r record) error {
	if s.Cache == "" {
		return nil
	}
	r.Boot, r.Endpoint = s.boot(), s.endpoint()
	if r.Failed.IsZero() {
		r.Fetched = time.Now()
	}
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return atomicfile.Write(s.Cache, text, 0o640)
}

// fresh tells whether the answer may be used unasked. An answer from the
// future comes from a clock that was wrong.
func (r record) fresh(s Source, now time.Time) bool {
	limit := s.MaxAge
	if limit == 0 {
		limit = 24 * time.Hour
	}
	age := now.Sub(r.Fetched)
	return r.Instance != nil && 0 <= age && age < limit
}

func (r record) resting(now time.Time) bool {
	since := now.Sub(r.Failed)
	return 0 <= since && since < rest
}

// boot identifies the present boot: a VM that was moved or resized has been
// booted since. It is "" where the system has no such thing.
func (s Source) boot() string {
	f, err := os.Open(filepath.Join("/", s.Root, "proc/sys/kernel/random/boot_id"))
	if err != nil {
		return ""
	}
	defer f.Close()
	text, _ := io.ReadAll(io.LimitReader(f, 64))
	return strings.TrimSpace(string(text))
}
