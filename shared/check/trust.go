package check

import "fmt"

// UntrustedError tells who could change a check, or a folder or link on the
// way to it.
type UntrustedError struct {
	Path string
	Why  string // "it is owned by user 1000", "its group may write to it"
}

func (e *UntrustedError) Error() string {
	return fmt.Sprintf("not run: %q cannot be trusted: %s", e.Path, e.Why)
}

// maxLinks is how many symbolic links are followed on the way to a file, as
// many as Linux does.
const maxLinks = 40
