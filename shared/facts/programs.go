package facts

import (
	"context"
	"strings"

	"jetpack.internal/shared/run"
)

// output is what a program printed; ok is false when there is no such
// program, or when it fails.
func (m *Machine) output(ctx context.Context, name string, args ...string) (printed string, ok bool) {
	printed, status := m.start(ctx, name, args...)
	return printed, status == 0
}

// start starts a program from the standard folders, without a shell, and gives
// what it printed and its status, which is -1 when it cannot be started or
// takes longer than ten times the machine's patience.
func (m *Machine) start(ctx context.Context, name string, args ...string) (printed string, status int) {
	path := name
	if !strings.HasPrefix(name, "/") {
		path = m.program(name)
	}
	if m.still || path == "" || !m.exists(path) {
		return "", -1
	}
	var out bounded
	env := []string{"PATH=" + strings.Join(m.folders(), ":"), "LC_ALL=C.UTF-8", "TERM=dumb"}
	if me, ok := self(m); ok {
		env = append(env, "HOME="+me.home)
	}
	result, err := run.Run(ctx, run.Process{Path: m.path(path), Name: name, Args: args, Env: env,
		Dir: m.path("/"), Output: &out, Timeout: 10 * m.patience(), KeepDescendants: true}) // to look for them costs two milliseconds
	if result.TimedOut {
		m.trouble(m.top, name+" does not end in time")
	}
	if err != nil || result.TimedOut {
		return "", -1
	}
	return valid(out.String()), result.Status
}

// bounded keeps the first 32 MB: rpm's list of a large machine has two.
type bounded struct{ strings.Builder }

func (b *bounded) Write(p []byte) (int, error) {
	b.Builder.Write(p[:min(len(p), max(0, 32<<20-b.Len()))])
	return len(p), nil
}
