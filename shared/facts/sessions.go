package facts

import (
	"context"
	"strings"
)

// sessions is the logins that systemd-logind keeps in /run/systemd/sessions,
// in the columns of loginctl(1): of a session without a seat Ohai takes the
// terminal for one.
func sessions(_ context.Context, m *Machine) map[string]any {
	bySession, byUser := map[string]any{}, map[string]any{}
	const folder = "/run/systemd/sessions/"
	for _, id := range m.list(folder) {
		text, _ := m.read(folder+id, small)
		set := assignments(text)
		if strings.Contains(id, ".") || set["USER"] == "" {
			continue
		}
		s := map[string]any{"session": id, "uid": set["UID"], "user": set["USER"], "seat": orNil(set["SEAT"])}
		if set["SEAT"] == "" {
			s["seat"] = orNil(set["TTY"])
		}
		bySession[id] = s
		others, _ := byUser[set["USER"]].([]any)
		byUser[set["USER"]] = append(others, s)
	}
	return map[string]any{"sessions": map[string]any{"by_session": bySession, "by_user": byUser}}
}
