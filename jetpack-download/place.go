package main

import (
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"path"
	"path/filepath"

	"jetpack.internal/shared/exit"
	"jetpack.internal/shared/fetch"
)

// place is the path of the file that the blob becomes: in dest where that is
// a folder or ends like one, else dest itself. Missing folders are made.
func place(dest, file string) (string, error) {
	if dest == "" {
		return "", exit.Errorf(exit.Usage, "cannot write to a file without a name")
	}
	info, err := os.Stat(dest)
	if err == nil && info.IsDir() || os.IsPathSeparator(dest[len(dest)-1]) {
		dest = filepath.Join(dest, path.Base(file))
	}
	if real, err := filepath.EvalSymlinks(dest); err == nil {
		dest = real
	}
	if info, err := os.Stat(dest); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("cannot write %s: it is not a file", dest)
	}
	if err := os.MkdirAll(filepath.Dir(dest), 0o755); err != nil {
		return "", fmt.Errorf("cannot make the folder of %s: %w", dest, err)
	}
	return dest, nil
}

// bring downloads beside the file and replaces it in one step.
func bring(ctx context.Context, source fetch.Source, to string) error {
	name := fmt.Sprintf(".%s-%08x.part", source.Key(), crc32.ChecksumIEEE([]byte(filepath.Base(to))))
	part := filepath.Join(filepath.Dir(to), name)
	err := source.Bring(ctx, fetch.Target{Part: part, Path: to, Mode: 0o644, Durable: true}, func(int64) {})
	if err != nil {
		return explain(ctx, fmt.Errorf("cannot download %s: %w", source.Locker.Address(source.Blob.Name), err))
	}
	return nil
}
