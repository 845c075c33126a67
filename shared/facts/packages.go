package facts

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
)

// packages is the installed packages: dpkg's and pacman's databases read
// directly, rpm's through rpm, which alone knows its formats.
func packages(ctx context.Context, m *Machine) map[string]any {
	switch _, family, _ := identify(m); family {
	case "debian":
		return map[string]any{"packages": dpkg(m)}
	case "rhel", "fedora", "suse", "pld", "amazon":
		return map[string]any{"packages": rpm(ctx, m)}
	case "arch":
		return map[string]any{"packages": pacman(m)}
	}
	return map[string]any{"packages": map[string]any{}}
}

// dpkg reads /var/lib/dpkg/status (deb-control(5)), one paragraph a package;
// of a package of several architectures the last counts, as in Ohai. The file
// is large, and little of it is of use: it goes through a small buffer.
func dpkg(m *Machine) map[string]any {
	out := map[string]any{}
	f, err := os.Open(m.path("/var/lib/dpkg/status"))
	if err != nil {
		return out
	}
	defer f.Close()
	var name, version, arch string
	in := bufio.NewReaderSize(io.LimitReader(f, large), 16<<10)
	for long := false; ; {
		line, err := in.ReadSlice('\n')
		key, value, _ := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(": "))
		switch {
		case long: // the rest of a line, which begins with nothing that counts
		case string(key) == "Package":
			name = valid(string(value))
		case string(key) == "Version":
			version = valid(string(value))
		case string(key) == "Architecture":
			arch = valid(string(value))
		}
		if last := err != nil && err != bufio.ErrBufferFull; last || !long && len(key) == 0 {
			if name != "" {
				out[name] = map[string]any{"version": orNil(version), "arch": orNil(arch)}
			}
			if name, version, arch = "", "", ""; last {
				return out
			}
		}
		long = err == bufio.ErrBufferFull
	}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}
