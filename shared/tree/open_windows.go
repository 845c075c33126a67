package tree

import (
	"os"

	"jetpack.internal/shared/openfile"
)

func open(path string) (*os.File, error) { return openfile.Open(path) }
