package cli

import "io/fs"

// groupOf is "": a file's rights are a list on Windows, not a group's.
func groupOf(fs.FileInfo) string { return "" }
