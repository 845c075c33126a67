package mirror

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"

	"jetpack.internal/shared/fetch"
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

func (j job) source() fetch.Source { return j.file.source(j.tree) }

func (f File) source(tree *Tree) fetch.Source {
	return fetch.Source{Locker: tree.Locker, Blob: f.Blob, SHA256: f.SHA256}
}

// whole is where the download lies once it is complete and verified.
func (j job) whole() string { return filepath.Join(j.tree.parts(), j.source().Key()) }

func (j job) download(ctx context.Context, progress Progress) error {
	source, whole := j.source(), j.whole()
	if source.IsWhole(whole) {
		progress.Bytes(j.file.Blob.Size)
		return nil
	}
	return source.Bring(ctx, fetch.Target{Part: whole + ".part", Path: whole}, progress.Bytes)
}
