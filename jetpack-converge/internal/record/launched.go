package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"jetpack.internal/shared/atomicfile"
)

// Launch writes run/launched once: when the node was first told to converge,
// in seconds since 1970. The health check converge_timeout counts from it.
func Launch(path string, now time.Time) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return atomicfile.Write(path, fmt.Appendf(nil, "%d\n", now.Unix()), 0o644)
}
