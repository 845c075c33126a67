package facts

import (
	"net/netip"
	"slices"
	"strings"
)

// link adds an interface: what `ip -d -s link` tells about it.
func (n *netTree) link(l Link) {
	i := n.add(linkName(l))
	n.byIndex[l.Index], i.renamed = i, i.name != l.Name
	f := i.facts
	f["mtu"] = text(l.MTU)
	if kind, number, ok := nameParts(i.name); ok {
		f["type"], f["number"] = kind, number
	}
	state := operState(l.State)
	f["state"] = strings.ToLower(state)
	if l.PortState != "" { // ip -d prints it behind the link's, and Ohai keeps the last
		f["state"] = l.PortState
	}
	if i.flags = linkFlags(l.Flags, state); i.flags != nil {
		f["flags"] = list(i.flags)
	}
	if encapsulation, address := linkLayer(l); encapsulation != "" {
		f["encapsulation"] = encapsulation
		i.ethernet = encapsulation == "Ethernet"
		if address != "00:00:00:00:00:00" {
			i.address(strings.ToUpper(address), map[string]any{"family": "lladdr"})
		}
	}
	if l.VLAN != nil {
		f["vlan"] = vlan(l.VLAN)
	}
	if l.Tunnel != nil {
		f["tunnel_info"] = l.Tunnel
	}
}

// linkName is the interface's name; Ohai takes a parent's name off
// ("eth0.5@eth0") only when it is made of letters and digits.
func linkName(l Link) string {
	if strings.IndexFunc(l.Parent, func(r rune) bool { return r == '_' || !wordRune(r) }) >= 0 {
		return l.Name + "@" + l.Parent
	}
	return l.Name
}

// nameParts splits "enP5p1s0" into "enP" and "5p1s0".
func nameParts(name string) (kind, number string, ok bool) {
	for i, r := range name {
		if i > 0 && '0' <= r && r <= '9' {
			return name[:i], name[i:], true
		}
		if !wordRune(r) {
			break
		}
	}
	return "", "", false
}

func operState(state int) string {
	names := [...]string{"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP"}
	if state < 0 || state >= len(names) {
		return "UNKNOWN"
	}
	return names[state]
}

// linkFlags lists flags in ip(8)'s order. Ohai collects the words from the
// whole line, so a state of UP counts as a flag, and a single one as none;
// it does not know POINTOPOINT as ip spells it.
func linkFlags(bits uint32, state string) (flags []string) {
	for _, f := range [...]struct {
		bit  uint32
		name string
	}{
		{0x8, "LOOPBACK"}, {0x2, "BROADCAST"}, {0x1000, "MULTICAST"}, {0x80, "NOARP"}, {0x200, "ALLMULTI"},
		{0x100, "PROMISC"}, {0x400, "MASTER"}, {0x800, "SLAVE"}, {0x4, "DEBUG"}, {0x8000, "DYNAMIC"},
		{0x20, "NOTRAILERS"}, {0x1, "UP"}, {0x10000, "LOWER_UP"},
	} {
		if bits&f.bit != 0 {
			flags = append(flags, f.name)
		}
	}
	if state == "UP" {
		flags = append(flags, state)
	}
	if len(flags) < 2 {
		return nil
	}
	if last := len(flags) - 1; flags[last] == "UP" && slices.Index(flags, "UP") < last {
		flags = flags[:last]
	}
	return flags
}

// linkLayer is the encapsulation and the hardware address; none where Ohai's
// pattern does not take ip's text (no address, dotted addresses of tunnels).
func linkLayer(l Link) (encapsulation, address string) {
	if len(l.Address) == 0 || len(l.Broadcast) == 0 {
		return "", ""
	}
	address = hardware(l.Address)
	switch l.Type { // linux/if_arp.h
	case 1:
		return "Ethernet", address
	case 24:
		return "ieee1394", address
	case 32:
		return "infiniband", address
	case 256:
		return "slip", address
	case 280:
		return "can", address
	case 512:
		return "ppp", address
	case 519:
		return "rawip", address
	case 769:
		return "tunnel6", tunnel6(l.Address)
	case 772:
		return "Loopback", address
	case 823:
		return "gre6", tunnel6(l.Address)
	}
	return "", ""
}

func tunnel6(address []byte) string {
	if a, ok := netip.AddrFromSlice(address); ok {
		return a.String()
	}
	return hardware(address)
}

func hardware(address []byte) string {
	const hex = "0123456789abcdef"
	out := make([]byte, 0, 3*len(address))
	for i, b := range address {
		if i > 0 {
			out = append(out, ':')
		}
		out = append(out, hex[b>>4], hex[b&15])
	}
	return string(out)
}

func vlan(v *VLAN) map[string]any {
	out := map[string]any{"id": text(v.ID), "protocol": v.Protocol}
	if len(v.Flags) > 0 {
		out["flags"] = list(v.Flags)
	}
	return out
}

func traffic(l Link) map[string]any {
	side := func(t Traffic) map[string]any {
		return map[string]any{"bytes": count(t.Bytes), "packets": count(t.Packets),
			"errors": count(t.Errors), "drop": count(t.Dropped)}
	}
	rx, tx := side(l.RX), side(l.TX)
	rx["overrun"] = count(l.RX.Missed) // ip prints missed packets where it printed overruns
	tx["carrier"], tx["collisions"] = count(l.TX.Carrier), count(l.TX.Collisions)
	if l.QueueLen > 0 {
		tx["queuelen"] = text(l.QueueLen)
	}
	return map[string]any{"rx": rx, "tx": tx}
}
