//go:build !windows

package home

const (
	defaultHome        = "/opt/cycle/jetpack"
	defaultClusterInit = "/mnt/cluster-init"
)
