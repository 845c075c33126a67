package facts

import (
	"context"
	"strings"
)

// virtualbox is what VirtualBox's tools tell: of the host to a guest, and of
// its guests and devices on a host.
func virtualbox(ctx context.Context, m *Machine, role string) map[string]any {
	out := map[string]any{}
	if m.still {
		return out
	}
	if role == "host" {
		vboxHost(ctx, m, out)
		return out
	}
	printed, ok := m.output(ctx, "VBoxControl", "guestproperty", "enumerate")
	if !ok {
		return nil
	}
	return vboxProperties(printed)
}

// vboxProperties reads lines like
// "Name: /VirtualBox/HostInfo/VBoxVer, value: 6.1.38, timestamp: …, flags: …".
func vboxProperties(printed string) map[string]any {
	host, guest := map[string]any{}, map[string]any{}
	for _, line := range lines(printed) {
		for _, p := range [...]struct {
			name, key string
			into      map[string]any
		}{
			{"LanguageID", "language", host}, {"VBoxVer", "version", host}, {"VBoxRev", "revision", host},
			{"GuestAdd/VersionExt", "guest_additions_version", guest}, {"GuestAdd/Revision", "guest_additions_revision", guest},
		} {
			value := after(line, p.name+", value: ")
			if end := strings.LastIndexByte(value, ','); end >= 0 {
				p.into[p.key] = value[:end]
				break
			}
		}
	}
	return map[string]any{"host": host, "guest": guest}
}

func vboxHost(ctx context.Context, m *Machine, out map[string]any) {
	if m.wants(".guests.") {
		guests := map[string]any{}
		printed, _ := m.output(ctx, "VBoxManage", "list", "--sorted", "vms")
		for _, line := range lines(printed) { // "name" {uuid}
			name, id, ok := strings.Cut(strings.TrimPrefix(line, `"`), `" {`)
			if id, end := strings.CutSuffix(id, "}"); ok && end && !strings.ContainsAny(name+id, " \t") {
				info, _ := m.output(ctx, "VBoxManage", "showvminfo", id, "--machinereadable")
				guests[name] = vboxGuest(info)
			}
		}
		out["guests"] = guests
	}
	for _, list := range [...][2]string{{"hdds", "location"}, {"dvds", "location"}, {"hostdvds", "name"}, {"hostfloppies", "name"},
		{"hostonlyifs", "name"}, {"bridgedifs", "name"}, {"dhcpservers", "networkname"}, {"natnets", "networkname"}} {
		if m.wants("." + list[0] + ".") {
			printed, _ := m.output(ctx, "VBoxManage", "list", "--sorted", list[0])
			out[list[0]] = vboxBlocks(printed, list[1])
		}
	}
}

// vboxGuest reads lines like key="value"; what comes after a second equals
// sign is lost, as in Ohai.
func vboxGuest(printed string) map[string]any {
	out := map[string]any{}
	for _, line := range lines(printed) {
		f := strings.Split(line, "=")
		if key := unquote(f[0]); len(f) > 1 && key != "name" {
			out[strings.ToLower(key)] = unquote(f[1])
		}
	}
	return out
}

// vboxBlocks reads paragraphs of "Key:  value" lines, each under the value of
// one of its keys.
func vboxBlocks(printed, name string) map[string]any {
	out := map[string]any{}
	for _, block := range strings.Split(printed, "\n\n") {
		record := map[string]any{}
		for _, line := range lines(block) {
			if key, value, ok := strings.Cut(line, ":"); ok {
				record[strings.ToLower(key)] = strings.TrimSpace(value)
			}
		}
		if title, ok := record[name].(string); ok {
			delete(record, name)
			out[title] = record
		}
	}
	return out
}
