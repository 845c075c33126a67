//go:build windows || darwin

package mirror

// folds tells that the disk does not tell letters' case apart.
const folds = true
