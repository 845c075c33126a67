//go:build !windows

package action

// poweroff are the commands that may shut the machine down, the best first.
func poweroff() [][]string {
	return [][]string{
		{"/usr/bin/systemctl", "poweroff"}, {"/bin/systemctl", "poweroff"},
		{"/sbin/shutdown", "-h", "now"}, {"/usr/sbin/shutdown", "-h", "now"}, {"/sbin/poweroff"},
	}
}
