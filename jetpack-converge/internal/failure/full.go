package failure

import "errors"

// roomAdvice is what to do about a full disk.
const roomAdvice = "Free space on the disk, or choose a larger one, and run `jetpack converge` again: it goes on where this one stopped"

// IsFull tells whether err says that a disk, or its owner's share of it, is
// full.
func IsFull(err error) bool {
	for _, number := range full {
		if errors.Is(err, number) {
			return true
		}
	}
	return false
}
