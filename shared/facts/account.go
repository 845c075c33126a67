package facts

import (
	"context"
	"slices"
	"strings"
)

// account is one entry of passwd(5).
type account struct {
	name, gecos, home, shell string
	uid, gid                 int
}

// accounts are the node's own.
func accounts(m *Machine) []account {
	text, _ := m.read("/etc/passwd", large)
	return parseAccounts(text)
}

func parseAccounts(text string) (all []account) {
	for _, line := range lines(text) {
		f := strings.Split(line, ":")
		if len(f) == 7 && digits(f[2]) && digits(f[3]) {
			all = append(all, account{name: f[0], uid: number(f[2]), gid: number(f[3]), gecos: f[4], home: f[5], shell: f[6]})
		}
	}
	return all
}

// self is the account of this process.
func self(m *Machine) (account, bool) {
	if m.UID == nil {
		return account{}, false
	}
	for _, a := range accounts(m) {
		if a.uid == m.UID() {
			return a, true
		}
	}
	return account{}, false
}

// group is one entry of group(5).
type group struct {
	name    string
	gid     int
	members []string
}

func parseGroups(text string) (all []group) {
	for _, line := range lines(text) {
		f := strings.Split(line, ":")
		if len(f) != 4 || !digits(f[2]) {
			continue
		}
		g := group{name: f[0], gid: number(f[2])}
		if f[3] != "" {
			g.members = strings.Split(f[3], ",")
		}
		all = append(all, g)
	}
	return all
}

// rootGroup is the name of root's group.
func rootGroup(_ context.Context, m *Machine) map[string]any {
	for _, a := range accounts(m) {
		if a.name != "root" {
			continue
		}
		text, _ := m.read("/etc/group", large)
		for _, g := range parseGroups(text) {
			if g.gid == a.gid {
				return map[string]any{"root_group": g.name}
			}
		}
	}
	return nil
}

// etc is the users and the groups.
func etc(ctx context.Context, m *Machine) map[string]any {
	users, teams := map[string]any{}, map[string]any{}
	if m.wants(".passwd.") {
		for _, a := range parseAccounts(m.database(ctx, "passwd")) {
			if _, has := users[a.name]; !has {
				users[a.name] = map[string]any{"dir": a.home, "gid": a.gid, "uid": a.uid, "shell": a.shell, "gecos": a.gecos}
			}
		}
	}
	if m.wants(".group.") {
		for _, g := range parseGroups(m.database(ctx, "group")) {
			teams[g.name] = map[string]any{"gid": g.gid, "members": list(g.members)}
		}
	}
	return map[string]any{"etc": map[string]any{"passwd": users, "group": teams}}
}

// currentUser is the name of this process's user, who may be known to a
// directory service only.
func currentUser(ctx context.Context, m *Machine) map[string]any {
	if me, ok := self(m); ok {
		return map[string]any{"current_user": me.name}
	}
	if m.UID != nil && m.hasDirectory("passwd") {
		printed, _ := m.output(ctx, "getent", "passwd", text(m.UID()))
		for _, a := range parseAccounts(printed) {
			return map[string]any{"current_user": a.name}
		}
	}
	return nil
}

// database is the entries of a database of nsswitch.conf(5): those of its
// file, and where the node has a directory service those that getent(1) gets
// of it. A service that is down leaves the file's.
func (m *Machine) database(ctx context.Context, name string) string {
	if m.hasDirectory(name) {
		if printed, ok := m.output(ctx, "getent", name); ok {
			return printed
		}
	}
	text, _ := m.read("/etc/"+name, large)
	return text
}

func (m *Machine) hasDirectory(name string) bool {
	for _, line := range m.lines("/etc/nsswitch.conf") {
		line, _, _ = strings.Cut(line, "#")
		if database, services, _ := strings.Cut(line, ":"); strings.TrimSpace(database) == name {
			return slices.ContainsFunc(strings.Fields(services), func(s string) bool { return s != "files" && s != "compat" && s[0] != '[' })
		}
	}
	return false
}
