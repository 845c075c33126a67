package mirror

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// reserve is left free for the scripts to come, bytes.
const reserve = 64 << 20

// CheckSpace fails with ENOSPC when the disk cannot hold what the plans lack.
// Trees on one disk share its room.
func CheckSpace(plans []Plan) error {
	need := map[string]int64{}
	for _, plan := range plans {
		need[existing(plan.Tree.Staging)] += plan.Bytes - fetched(plan.Tree)
	}
	for folder, bytes := range need {
		free, err := available(folder)
		if err == nil && bytes > 0 && free < bytes+reserve {
			return fmt.Errorf("%w: %s has %d MB free, and the download needs %d MB", syscall.ENOSPC, folder, free>>20, (bytes+reserve)>>20)
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
