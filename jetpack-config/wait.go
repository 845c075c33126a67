package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"time"
)

const (
	maxWait = 7 * 24 * time.Hour
	// pollEvery is how often a wait looks at the files. A look is a stat of
	// each; they are read only when one of them is another than before.
	pollEvery = 100 * time.Millisecond
)

// duration is the value of --wait.
type duration struct{ limit time.Duration }

// UnmarshalText reads a Go duration, or a number of seconds.
func (d *duration) UnmarshalText(text []byte) error {
	limit, err := time.ParseDuration(string(text))
	if seconds, e := strconv.Atoi(string(text)); e == nil {
		limit, err = time.Duration(seconds)*time.Second, nil
		if seconds > int(maxWait/time.Second) {
			limit = maxWait + 1
		}
	}
	if err != nil {
		return errors.New("expected a duration such as 90s, 5m or 1h30m")
	}
	if limit < 0 || limit > maxWait {
		return errors.New("expected a duration from 0s to 168h")
	}
	d.limit = limit
	return nil
}

// await is find that waits, up to a limit, until the key is there. A file that
// is damaged when the wait begins may be in the middle of being written; one
// that still is when it ends is an error.
func (s *stack) await(ctx context.Context, key string, limit time.Duration) (a answer, found bool, err error) {
	if limit == 0 {
		return s.find(ctx, key)
	}
	seen := s.files()
	if a, found, err = s.find(ctx, key); found {
		return a, found, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			if cause := context.Cause(ctx); !errors.Is(cause, context.DeadlineExceeded) {
				return answer{}, false, cause
			}
			return a, found, err
		case <-tick.C:
		}
		if now := s.files(); !slices.EqualFunc(now, seen, same) {
			seen = now
			if a, found, err = s.find(ctx, key); found {
				return a, true, nil
			}
		}
	}
}

// files is what the files look like from outside. It is taken before they are
// read, so that a change between the two is seen at the next look.
func (s *stack) files() []os.FileInfo {
	var infos []os.FileInfo
	for _, path := range []string{s.home.Configuration(), s.home.Node(), s.home.Run(azureCache)} {
		info, _ := os.Stat(path) // nil is how a missing file looks
		infos = append(infos, info)
	}
	return infos
}

func same(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
