package facts

import (
	"context"
	"strings"
)

// account is one entry of passwd(5). Accounts of a directory service are not
// in it: asking one can take forever, and Ohai's answer then is thousands.
type account struct {
	name, gecos, home, shell string
	uid, gid                 int
}

func accounts(m *Machine) (all []account) {
	for line := range m.lines("/etc/passwd") {
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

func groups(m *Machine) (all []group) {
	for line := range m.lines("/etc/group") {
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
		for _, g := range groups(m) {
			if g.gid == a.gid {
				return map[string]any{"root_group": g.name}
			}
		}
	}
	return nil
}

// passwd is etc and current_user.
func passwd(_ context.Context, m *Machine) map[string]any {
	users, teams := map[string]any{}, map[string]any{}
	out := map[string]any{"etc": map[string]any{"passwd": users, "group": teams}}
	if me, ok := self(m); ok {
		out["current_user"] = me.name
	}
	for _, a := range accounts(m) {
		if _, has := users[a.name]; !has {
			users[a.name] = map[string]any{"dir": a.home, "gid": a.gid, "uid": a.uid, "shell": a.shell, "gecos": a.gecos}
		}
	}
	for _, g := range groups(m) {
		teams[g.name] = map[string]any{"gid": g.gid, "members": list(g.members)}
	}
	return out
}
