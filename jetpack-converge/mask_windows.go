package main

// clearMask has nothing to do: Windows has no umask.
func clearMask() {}
