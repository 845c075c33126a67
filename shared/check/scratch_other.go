//go:build !linux

package check

// looks are not looked at here: each check gets a folder of its own.
type looks struct{}

func look(string) looks { return looks{} }
