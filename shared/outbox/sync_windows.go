package outbox

// syncFolder does nothing: NTFS journals names itself, and a folder cannot be
// opened for syncing.
func syncFolder(string) error { return nil }
