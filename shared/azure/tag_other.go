//go:build !linux && !windows

package azure

func assetTag(string) string { return "" }
