package run

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/windows"
)

// interpreters are the commands that may run a script of a suffix, best first.
func interpreters(suffix string) [][]string {
	system, err := windows.GetSystemDirectory()
	if err != nil {
		return nil
	}
	switch suffix {
	case ".bat", ".cmd":
		return [][]string{{filepath.Join(system, "cmd.exe"), "/d", "/c"}}
	case ".ps1":
		return [][]string{{filepath.Join(system, `WindowsPowerShell\v1.0\powershell.exe`),
			"-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File"}}
	case ".py":
		root := filepath.VolumeName(system) + `\`
		commands := [][]string{{filepath.Join(filepath.Dir(system), "py.exe"), "-3"}}
		for _, pattern := range []string{`Program Files\Python3*\python.exe`, `Python3*\python.exe`} {
			found, _ := filepath.Glob(filepath.Join(root, pattern))
			for _, python := range found {
				commands = append(commands, []string{python})
			}
		}
		return commands
	}
	return nil
}

// mustInterpret is the command in front of a file that only runs with one.
func mustInterpret(path string) []string {
	return firstPresent(interpreters(strings.ToLower(filepath.Ext(path))))
}

// needsInterpreter is never so: Windows knows no "#!".
func needsInterpreter(error) bool { return false }
