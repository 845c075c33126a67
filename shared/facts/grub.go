package facts

import (
	"context"
	"strings"
)

// grub is the environment block of GRUB 2, where its editor is installed.
func grub(_ context.Context, m *Machine) map[string]any {
	if m.program("grub2-editenv") == "" {
		return nil
	}
	environment := map[string]any{}
	for _, line := range m.lines("/boot/grub2/grubenv") {
		if key, value, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			environment[key] = strings.TrimSpace(value)
		}
	}
	return map[string]any{"grub2": map[string]any{"environment": environment}}
}
