package action

// poweroff are the commands that may shut the machine down, the best first.
func poweroff() [][]string {
	return [][]string{{`C:\Windows\System32\shutdown.exe`, "/s", "/t", "30", "/f"}}
}
