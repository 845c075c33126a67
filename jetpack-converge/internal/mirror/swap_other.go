//go:build !linux

package mirror

import "errors"

// exchange swaps two folders in one step; errors.ErrUnsupported where the
// disk cannot.
func exchange(_, _ string) error { return errors.ErrUnsupported }
