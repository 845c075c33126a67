//go:build !windows

package main

// systemEnvironment is what a program needs to find its tools and to speak
// UTF-8 in English.
func systemEnvironment(bin string) []string {
	return []string{
		"PATH=" + bin + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"LANG=C.UTF-8",
	}
}
