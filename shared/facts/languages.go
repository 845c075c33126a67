package facts

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// A language is how to ask one compiler or interpreter who it is.
type language struct {
	name, program string
	args          []string
	parse         func(printed string) map[string]any
}

// languages asks all compilers and interpreters at once; no file tells.
func languages(ctx context.Context, m *Machine) map[string]any {
	if m.still {
		return map[string]any{"languages": map[string]any{}}
	}
	out := map[string]any{"ruby": map[string]any{}} // Ohai has it even where Ruby is not
	c := map[string]any{}
	haskell := map[string]any{}
	var lock sync.Mutex
	var asked sync.WaitGroup
	for _, l := range slices.Concat(known(), runtimes()) {
		asked.Go(func() {
			printed, ok := m.output(ctx, l.program, l.args...)
			if !ok {
				return
			}
			found := l.parse(printed)
			lock.Lock()
			defer lock.Unlock()
			switch group, member, _ := strings.Cut(l.name, "/"); {
			case len(found) == 0:
			case group == "c":
				c[member] = found
			case group == "haskell":
				haskell[member] = found
			case out[group] != nil && group == "erlang":
				for key, value := range out[group].(map[string]any) {
					found[key] = value
				}
				out[group] = found
			default:
				out[group] = found
			}
		})
	}
	asked.Wait()
	for name, group := range map[string]map[string]any{"c": c, "haskell": haskell} {
		if len(group) > 0 {
			out[name] = group
		}
	}
	return map[string]any{"languages": out}
}

// after is the word that follows a marker, "" when the marker is not there.
func after(s, marker string) string {
	_, rest, found := strings.Cut(s, marker)
	if !found {
		return ""
	}
	if end := strings.IndexAny(rest, " \t\r\n"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

func version(v string) map[string]any {
	if v == "" {
		return nil
	}
	return map[string]any{"version": v}
}

func field(s string, i int) string {
	if f := strings.Fields(s); i < len(f) {
		return f[i]
	}
	return ""
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return strings.TrimSuffix(line, "\r")
}
