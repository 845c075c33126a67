package facts

import (
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
// of a package of several architectures the last counts, as in Ohai.
func dpkg(m *Machine) map[string]any {
	f, err := os.Open(m.path("/var/lib/dpkg/status"))
	if err != nil {
		return map[string]any{}
	}
	defer f.Close()
	return dpkgStatus(io.LimitReader(f, large))
}

// longest is how long a line of ours may be; a longer one is passed over.
const longest = 32 << 10

// dpkgStatus takes a file apart that is large, and of which little is of use:
// it goes through a small buffer, and of most lines no more than the first
// letter is looked at.
func dpkgStatus(in io.Reader) map[string]any {
	p := paragraphs{found: map[string]any{}}
	buffer, kept, long := make([]byte, longest), 0, false
	for err := error(nil); err == nil; {
		var n int
		n, err = in.Read(buffer[kept:])
		text := buffer[:kept+n]
		for end := bytes.IndexByte(text, '\n'); end >= 0; end = bytes.IndexByte(text, '\n') {
			if !long { // else the rest of a line that was too long
				p.line(text[:end])
			}
			text, long = text[end+1:], false
		}
		if kept = copy(buffer, text); kept == longest {
			kept, long = 0, true
		}
	}
	if !long {
		p.line(buffer[:kept])
	}
	p.end()
	return p.found
}

// paragraphs gathers the packages of dpkg's database.
type paragraphs struct {
	found               map[string]any
	name, version, arch string
}

func (p *paragraphs) line(line []byte) {
	if len(line) == 0 {
		p.end()
		return
	}
	switch line[0] {
	case 'P':
		assign(&p.name, line, "Package: ")
	case 'V':
		assign(&p.version, line, "Version: ")
	case 'A':
		assign(&p.arch, line, "Architecture: ")
	}
}

// end is the end of a paragraph.
func (p *paragraphs) end() {
	if p.name != "" {
		p.found[p.name] = map[string]any{"version": orNil(p.version), "arch": orNil(p.arch)}
	}
	p.name, p.version, p.arch = "", "", ""
}

func assign(value *string, line []byte, label string) {
	if len(line) >= len(label) && string(line[:len(label)]) == label {
		*value = valid(string(line[len(label):]))
	}
}

func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}
