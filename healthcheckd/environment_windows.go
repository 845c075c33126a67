package main

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// systemEnvironment is what no program starts without on Windows.
func systemEnvironment(bin string) []string {
	system, err := windows.GetSystemDirectory()
	if err != nil {
		system = `C:\Windows\System32`
	}
	root := filepath.Dir(system)
	return []string{
		"PATH=" + bin + ";" + system + ";" + root + ";" + system + `\Wbem;` + system + `\WindowsPowerShell\v1.0`,
		"PATHEXT=.COM;.EXE;.BAT;.CMD", "SystemRoot=" + root, "SystemDrive=" + filepath.VolumeName(root),
		"windir=" + root, "ComSpec=" + system + `\cmd.exe`, "TEMP=" + root + `\Temp`, "TMP=" + root + `\Temp`,
	}
}
