package facts

import "context"

func rpm(ctx context.Context, m *Machine) map[string]any { return nil }
