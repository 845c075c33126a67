package facts

import (
	"context"
	"maps"
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

// languages asks the compilers and interpreters that the key is about, all at
// once; no file tells.
func languages(ctx context.Context, m *Machine) map[string]any {
	if m.still {
		return map[string]any{"languages": map[string]any{}}
	}
	out := map[string]any{"ruby": map[string]any{}} // Ohai has it even where Ruby is not
	var lock sync.Mutex
	var asked sync.WaitGroup
	for _, l := range slices.Concat(known(), runtimes()) {
		if !m.wants("." + strings.ReplaceAll(l.name, "/", ".") + ".") {
			continue
		}
		asked.Go(func() {
			printed, ok := m.output(ctx, l.program, l.args...)
			if !ok {
				return
			}
			found := l.parse(printed)
			lock.Lock()
			defer lock.Unlock()
			file(out, l.name, found)
		})
	}
	asked.Wait()
	return map[string]any{"languages": out}
}

// wants tells whether what was asked for leads to a place such as ".c.gcc.",
// or is in it.
func (m *Machine) wants(place string) bool {
	return m.below == "" || strings.HasPrefix(m.below+".", place) || strings.HasPrefix(place, m.below+".")
}

// file puts an answer under its name, "group/member" for one of several, and
// together with others of the same name.
func file(out map[string]any, name string, found map[string]any) {
	if len(found) == 0 {
		return
	}
	name, member, grouped := strings.Cut(name, "/")
	if grouped {
		found = map[string]any{member: found}
	}
	if before, ok := out[name].(map[string]any); ok {
		maps.Copy(found, before)
	}
	out[name] = found
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
