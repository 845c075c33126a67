//go:build !windows

package script

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// systemEnvironment is what a login gets: proxies and locales stand there.
func systemEnvironment() map[string]string {
	env := map[string]string{"SHELL": "/bin/sh", "LANG": "C.UTF-8"}
	for name, value := range assignments(readSome("/etc/environment")) {
		env[name] = value
	}
	return env
}
