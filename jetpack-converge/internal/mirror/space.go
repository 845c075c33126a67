package mirror

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// block is what a disk gives at a time, bytes.
const block = 4096

// CheckSpace fails with ENOSPC when the disk cannot hold what the plans lack.
// Trees on one disk share its room.
func CheckSpace(plans []Plan) error {
	need := map[string]int64{}
	for _, plan := range plans {
		folder := existing(plan.Tree.Staging)
		for _, file := range plan.Fetch {
			need[folder] += (file.Blob.Size + block - 1) / block * block
		}
		need[folder] -= fetched(plan.Tree)
	}
	for folder, bytes := range need {
		free, err := Free(folder)
		if err == nil && free < bytes {
			return fmt.Errorf("%w: %s has %d kB free, and the download needs %d kB", syscall.ENOSPC, folder, free>>10, bytes>>10)
		}
	}
	return nil
}

// fetched is how many bytes a former run has left in staging.
func fetched(tree *Tree) int64 {
	entries, err := os.ReadDir(tree.parts())
	if err != nil {
		return 0
	}
	var sum int64
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			sum += info.Size()
		}
	}
	return sum
}

// existing is the nearest parent that is there.
func existing(path string) string {
	for !present(path) && filepath.Dir(path) != path {
		path = filepath.Dir(path)
	}
	return path
}
