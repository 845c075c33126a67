package chef

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	maxLog = 20 << 20 // bytes; then a new file begins
	follow = 200 * time.Millisecond
	maxEnd = 256 << 10 // bytes of a run's output that are looked through for its failure
)

// OpenLog opens logs/chef-client.log for appending. One older file is kept.
func OpenLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".1"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o640)
}

// Since is what was written to log behind from, the end of it where that is
// long.
func Since(log *os.File, from int64) string {
	end, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	text := make([]byte, min(max(end-from, 0), maxEnd))
	n, _ := log.ReadAt(text, end-int64(len(text))) // what cannot be read is not quoted
	return string(text[:n])
}

// Follow calls show with what is written to log from now on, until stop.
func Follow(ctx context.Context, log *os.File, show func(text []byte)) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	from, _ := log.Seek(0, io.SeekEnd)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(follow)
		defer ticker.Stop()
		for ended := false; !ended; {
			select {
			case <-ctx.Done():
				ended = true
			case <-ticker.C:
			}
			from = showFrom(log, from, show)
		}
	}()
	return func() { cancel(); <-done }
}

func showFrom(log *os.File, from int64, show func([]byte)) int64 {
	buffer := make([]byte, 64<<10)
	for {
		n, err := log.ReadAt(buffer, from)
		if n > 0 {
			show(buffer[:n])
			from += int64(n)
		}
		if err != nil || n == 0 {
			return from
		}
	}
}
