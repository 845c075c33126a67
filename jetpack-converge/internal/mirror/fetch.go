package mirror

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"jetpack.internal/shared/locker"
)

// Workers is how many files are downloaded at once.
const Workers = 16

// Progress is told what happens while it happens, by many goroutines at once.
type Progress interface {
	Bytes(n int64) // arrived; negative when they have to come again
	File(tree *Tree, file File)
}

type job struct {
	tree *Tree
	file File
}

// Fetch downloads what the plans lack into their staging folders, largest
// first. What a former, interrupted run has already fetched is used.
func Fetch(ctx context.Context, plans []Plan, progress Progress) error {
	var jobs []job
	for _, plan := range plans {
		for _, file := range plan.Fetch {
			jobs = append(jobs, job{plan.Tree, file})
		}
		if err := plan.Tree.stage(); err != nil {
			return fmt.Errorf("cannot stage: %w", err)
		}
	}
	slices.SortStableFunc(jobs, func(a, b job) int { return int(min(max(b.file.Blob.Size-a.file.Blob.Size, -1), 1)) })
	return each(ctx, jobs, func(ctx context.Context, j job) error {
		if err := j.download(ctx, progress); err != nil {
			return fmt.Errorf("cannot download %s: %w", j.tree.Locker.Address(j.file.Blob.Name), err)
		}
		progress.File(j.tree, j.file)
		return nil
	})
}

// each runs work for all jobs, Workers at once, until the first error.
func each(ctx context.Context, jobs []job, work func(context.Context, job) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan job)
	var group sync.WaitGroup
	for range min(Workers, len(jobs)) {
		group.Go(func() {
			for j := range queue {
				if err := work(ctx, j); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	feed(ctx, queue, jobs)
	group.Wait()
	return context.Cause(ctx)
}

func feed(ctx context.Context, queue chan<- job, jobs []job) {
	defer close(queue)
	for _, j := range jobs {
		select {
		case queue <- j:
		case <-ctx.Done():
			return
		}
	}
}

// part is where the download grows, under a name that only this content of
// this blob has.
func (j job) part() string { return j.whole() + ".part" }

func (j job) whole() string {
	key := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %d", j.tree.Source, j.file.Blob.Name, j.file.Blob.ETag, j.file.Blob.Size))
	return filepath.Join(j.tree.parts(), hex.EncodeToString(key[:16]))
}

// errDigest tells that what arrived is not what the locker says it holds.
var errDigest = errors.New("the content does not match its digest")

func (j job) download(ctx context.Context, progress Progress) error {
	if info, err := os.Stat(j.whole()); err == nil && info.Size() == j.file.Blob.Size {
		progress.Bytes(info.Size())
		return nil
	}
	err := j.grow(ctx, progress)
	if errors.Is(err, errDigest) {
		err = j.grow(ctx, progress) // once more from the start: part or line may have been damaged
	}
	if err != nil {
		return err
	}
	return os.Rename(j.part(), j.whole())
}

// grow completes the part. A part that turns out wrong is removed.
func (j job) grow(ctx context.Context, progress Progress) error {
	out, err := openPart(j.part(), j.file, progress)
	if err != nil {
		return err
	}
	err = errors.Join(out.fill(ctx, j.tree.Locker), out.close())
	if errors.Is(err, errDigest) || errors.Is(err, locker.ErrChanged) {
		os.Remove(j.part())
		progress.Bytes(-out.size)
	}
	return err
}
