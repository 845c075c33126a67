//go:build !windows

package chef

import "io/fs"

// names are the clients that can be driven, best first.
func names() []string { return []string{"cinc-client", "chef-client", "chef-solo"} }

// usualFolders is where packages put them when they are not on the path.
func usualFolders() []string { return []string{"/opt/cinc/bin", "/opt/chef/bin"} }

func runnable(mode fs.FileMode) bool { return mode&0o111 != 0 }
