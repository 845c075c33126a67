package facts

import (
	"context"
	"strings"
)

// rpm asks rpm for its database: name, epoch, version, release, time of
// installation and architecture. A package that is installed in several
// versions lists them all.
func rpm(ctx context.Context, m *Machine) map[string]any {
	const format = `%{NAME}\t%|EPOCH?{%{EPOCH}}:{0}|\t%{VERSION}\t%{RELEASE}\t%{INSTALLTIME}\t%{ARCH}\n`
	printed, _ := m.output(ctx, "rpm", "-qa", "--qf", format)
	return rpmPackages(printed)
}

func rpmPackages(printed string) map[string]any {
	out := map[string]any{}
	for _, line := range lines(printed) {
		f := strings.Fields(line)
		if len(f) != 6 {
			continue
		}
		one := func() map[string]any {
			return map[string]any{"epoch": f[1], "version": f[2], "release": f[3], "installdate": f[4], "arch": f[5]}
		}
		p := one()
		if before, ok := out[f[0]].(map[string]any); ok {
			versions, several := before["versions"].([]any)
			if !several {
				versions = []any{before}
			}
			p["versions"] = append(versions, one())
		}
		out[f[0]] = p
	}
	return out
}
