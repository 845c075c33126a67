package chef

import "io/fs"

// names are the clients that can be driven, best first.
func names() []string {
	return []string{"cinc-client.bat", "cinc-client.exe", "chef-client.bat", "chef-client.exe", "chef-solo.bat", "chef-solo.exe"}
}

// usualFolders is where packages put them when they are not on the path.
func usualFolders() []string {
	return []string{`C:\cinc-project\cinc\bin`, `C:\opscode\chef\bin`}
}

func runnable(fs.FileMode) bool { return true }
