package facts

import "strings"

// pacman reads Arch's database of installed packages: a file "desc" for each,
// in which a line %NAME% comes before its value.
func pacman(m *Machine) map[string]any {
	const local = "/var/lib/pacman/local/"
	out := map[string]any{}
	for _, folder := range m.list(local) {
		text, found := m.read(local+folder+"/desc", small)
		if !found {
			continue
		}
		set := map[string]string{}
		for _, paragraph := range strings.Split(text, "\n\n") {
			label, value, _ := strings.Cut(strings.Trim(paragraph, "\n"), "\n")
			set[label], _, _ = strings.Cut(value, "\n")
		}
		if name := set["%NAME%"]; name != "" {
			out[name] = map[string]any{"version": orNil(set["%VERSION%"]), "installdate": orNil(set["%INSTALLDATE%"]), "arch": orNil(set["%ARCH%"])}
		}
	}
	return out
}
