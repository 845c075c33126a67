package facts

import "context"

// clock is ohai_time, seconds since 1970 with a fraction, and time, the
// abbreviation of the local time zone.
func clock(_ context.Context, m *Machine) map[string]any {
	if m.Now == nil {
		return nil
	}
	now := m.Now()
	zone, _ := now.Zone()
	return map[string]any{
		"ohai_time": float64(now.UnixMicro()) / 1e6,
		"time":      map[string]any{"timezone": zone},
	}
}
