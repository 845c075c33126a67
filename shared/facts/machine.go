package facts

import (
	"context"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"
)

// Machine is the computer being asked. Its files are read below Root; what
// only a system call can tell comes through the functions, so that a test can
// be a recorded machine. A nil function has nothing to tell.
type Machine struct {
	Root string   // "" or "/" for the running machine
	Path []string // folders where interpreters and compilers are looked for

	Uname   func() Uname
	Statfs  func(path string) (Statfs, error) // of an absolute path inside Root
	Network func() Network
	Card    func(name string) Card // of an Ethernet interface
	// Exchange sends one DNS query to a server and waits for its answer.
	Exchange func(ctx context.Context, server netip.Addr, query []byte) (answer []byte)
	UID      func() int // the process's effective user
	Now      func() time.Time

	// Patience bounds the wait for one answer that may never come, such as
	// statfs of a dead network filesystem. Zero means one second.
	Patience time.Duration
	// Trouble, when set, hears why a fact, or a part of it, is absent that should
	// be there, from several goroutines.
	Trouble func(fact string, reason string)

	still bool   // start no program
	top   string // the top-level key asked for; "" when all are
	below string // what of the top-level key was asked for: "" for all, or ".a.b"
}

// Uname is the kernel's own description, as uname(2) gives it.
type Uname struct{ Name, Node, Release, Version, Machine string }

// Statfs is what df(1) shows of a filesystem, in its own blocks.
type Statfs struct {
	BlockSize               int64
	Blocks, Free, Available uint64
	Files, FilesFree        uint64

	Type, NameLength, Preferred int64 // magic number, longest name, best size of a transfer
}

const (
	small = 1 << 20  // one fact's file
	large = 64 << 20 // a package database, the cpuinfo of a very large machine
)

func (m *Machine) path(name string) string {
	if m.Root == "" || m.Root == "/" {
		return name
	}
	return filepath.Join(m.Root, name)
}

// read gives a file's text, cut at limit bytes, in valid UTF-8; found is
// false when it cannot be read at all.
func (m *Machine) read(name string, limit int) (text string, found bool) {
	text, found = m.raw(name, limit)
	return valid(text), found
}

func (m *Machine) raw(name string, limit int) (text string, found bool) {
	content, err := slurp(m.path(name), limit)
	return string(content), err == nil || len(content) > 0
}

func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// value is a one-line file's content without surrounding white space.
func (m *Machine) value(name string) (string, bool) {
	text, found := m.read(name, small)
	return strings.TrimSpace(text), found
}

func (m *Machine) lines(name string) []string {
	text, _ := m.read(name, large)
	return lines(text)
}

// lines splits at newlines; a last line without one counts, an empty one not.
// (An iterator would make every loop over it twice as large.)
func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

func (m *Machine) exists(name string) bool {
	_, err := os.Stat(m.path(name))
	return err == nil
}

// list gives the names in a folder, sorted; none when it is not there.
func (m *Machine) list(name string) []string {
	entries, err := os.ReadDir(m.path(name))
	if err != nil && len(entries) == 0 {
		return nil
	}
	out := make([]string, 0, len(entries))
	for _, e := range entries {
		out = append(out, valid(e.Name()))
	}
	return out
}

// program finds a command in the standard folders, as a login shell of root
// would: "" when there is none.
func (m *Machine) program(name string) string {
	for _, folder := range m.folders() {
		path := folder + "/" + name
		info, err := os.Stat(m.path(path))
		if err == nil && info.Mode().IsRegular() && executable(info.Mode()) {
			return path
		}
	}
	return ""
}

func (m *Machine) folders() []string {
	if m.Path != nil {
		return m.Path
	}
	return []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}
}

func executable(mode fs.FileMode) bool { return mode&0o111 != 0 }

func (m *Machine) patience() time.Duration {
	if m.Patience > 0 {
		return m.Patience
	}
	return time.Second
}

func (m *Machine) trouble(fact, reason string) {
	if m.Trouble != nil {
		m.Trouble(fact, reason)
	}
}

func (m *Machine) uname() Uname {
	if m.Uname == nil {
		return Uname{}
	}
	return m.Uname()
}

// number is the leading decimal number of s, 0 when there is none: Ruby's to_i.
func number(s string) int {
	s = strings.TrimLeft(s, " \t")
	n := 0
	for i := 0; i < len(s) && '0' <= s[i] && s[i] <= '9' && n < 1<<52; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || '9' < s[i] {
			return false
		}
	}
	return s != ""
}
