package facts

import (
	"context"
	"strings"
)

// osRelease is /etc/os-release (os-release(5)) as Ohai reads it: what stands
// between the first and the second equals sign, one quote off either end.
func osRelease(_ context.Context, m *Machine) map[string]any {
	out := map[string]any{}
	for _, line := range m.lines("/etc/os-release") {
		field := strings.Split(line, "=")
		if len(field) < 2 {
			continue
		}
		key, value := strings.ToLower(field[0]), unquote(strings.TrimSuffix(field[1], "\r"))
		if field[0] == "ID_LIKE" {
			out[key] = list(strings.Fields(value))
		} else {
			out[key] = value
		}
	}
	return map[string]any{"os_release": out}
}

func unquote(s string) string {
	return strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`)
}

// osReleaseWords reads os-release the way Ohai's platform detection does:
// cut at any white space, so that only values of one word come out whole.
func osReleaseWords(m *Machine, file string) map[string]string {
	text, found := m.read(file, small)
	if !found {
		return nil
	}
	out := map[string]string{}
	for _, word := range strings.Fields(text) {
		field := strings.Split(word, "=")
		if len(field) > 1 && field[1] != "" {
			out[field[0]] = unquote(field[1])
		}
	}
	return out
}
