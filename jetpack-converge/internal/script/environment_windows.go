package script

import (
	"strings"

	"golang.org/x/sys/windows"
)

const defaultPath = `C:\Windows\system32;C:\Windows;C:\Windows\System32\Wbem;C:\Windows\System32\WindowsPowerShell\v1.0`

// systemEnvironment is what the registry gives every new process: programs do
// not even start without SystemRoot.
func systemEnvironment() map[string]string {
	env := map[string]string{}
	var token windows.Token
	block, err := token.Environ(false)
	if err != nil {
		return env
	}
	for _, line := range block {
		if name, value, found := strings.Cut(line, "="); found && name != "" {
			env[strings.ToUpper(name)] = value
		}
	}
	return env
}
