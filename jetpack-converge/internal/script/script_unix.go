//go:build !windows

package script

import (
	"io/fs"
	"os"
	"strings"
)

// isScript: shell scripts by their suffix, anything else that can be executed.
func isScript(path string, info fs.FileInfo) bool {
	return info.Mode().IsRegular() &&
		(strings.HasSuffix(path, ".sh") || info.Mode()&0o111 != 0 || startsLikeProgram(path))
}

// makeExecutable gives a script the permission that its upload lost.
func makeExecutable(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode()&0o100 != 0 {
		return err
	}
	return os.Chmod(path, info.Mode().Perm()|0o755)
}
