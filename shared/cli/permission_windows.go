package cli

import "io/fs"

// Superuser is who may do anything on a machine, as advice calls it.
const Superuser = "an administrator"

// groupOf is "": a file's rights are a list on Windows, not a group's.
func groupOf(fs.FileInfo) string { return "" }
