package facts

import (
	"context"
	"fmt"
	"strings"
)

// uptime is /proc/uptime (proc(5)): seconds since boot, and idle seconds
// summed over the processors, also in words.
func uptime(_ context.Context, m *Machine) map[string]any {
	text, _ := m.value("/proc/uptime")
	up, idle, ok := strings.Cut(text, " ")
	if !ok {
		return nil
	}
	return map[string]any{
		"uptime_seconds": number(up), "uptime": words(number(up)),
		"idletime_seconds": number(idle), "idletime": words(number(idle)),
	}
}

// words writes seconds as Ohai does, from the largest unit that is not zero.
func words(seconds int) string {
	days, hours, minutes, rest := seconds/86400, seconds/3600%24, seconds/60%60, seconds%60
	switch {
	case days > 1:
		return fmt.Sprintf("%d days %02d hours %02d minutes %02d seconds", days, hours, minutes, rest)
	case days == 1:
		return fmt.Sprintf("%d day %02d hours %02d minutes %02d seconds", days, hours, minutes, rest)
	case hours > 0:
		return fmt.Sprintf("%d hours %02d minutes %02d seconds", hours, minutes, rest)
	case minutes > 0:
		return fmt.Sprintf("%d minutes %02d seconds", minutes, rest)
	}
	return fmt.Sprintf("%02d seconds", rest)
}
