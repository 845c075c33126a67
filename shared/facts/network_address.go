package facts

import (
	"net/netip"
	"strings"
)

func (i *nic) address(text string, facts map[string]any) {
	all, ok := i.facts["addresses"].(map[string]any)
	if !ok {
		all = map[string]any{}
		i.facts["addresses"] = all
	}
	if _, again := all[text]; !again {
		i.addresses = append(i.addresses, address{text, facts})
	} else {
		for at := range i.addresses {
			if i.addresses[at].text == text {
				i.addresses[at].facts = facts
			}
		}
	}
	all[text] = facts
}

// inet adds an IPv4 address; one with a label such as "eth0:1" makes an
// interface of that name.
func (n *netTree) inet(a Address) {
	i := n.byIndex[a.Index]
	if rest, ok := strings.CutPrefix(a.Label, i.name+":"); ok && digits(rest) {
		i = n.add(a.Label)
	}
	bits := a.Bits
	facts := map[string]any{"family": "inet"}
	if a.Peer.IsValid() && a.Peer != a.IP {
		bits = 32 // ip prints the length behind the peer, where Ohai does not look
		facts["peer"] = a.Peer.String()
	}
	facts["prefixlen"], facts["netmask"] = text(bits), netmask(bits)
	if a.Broadcast.IsValid() {
		facts["broadcast"] = a.Broadcast.String()
	}
	facts["scope"] = scope(a.Scope)
	i.address(a.IP.String(), facts)
}

// inet6 adds an IPv6 address. Ohai skips the ones with a peer, and those that
// ip prints with the dots of an IPv4 address inside.
func (n *netTree) inet6(a Address) {
	if a.Peer.IsValid() && a.Peer != a.IP || hasDots(a.IP) {
		return
	}
	n.byIndex[a.Index].address(a.IP.String(), map[string]any{
		"family": "inet6", "prefixlen": text(a.Bits), "scope": scope(a.Scope), "tags": list(tags(a.Flags)),
	})
}

func hasDots(ip netip.Addr) bool { return ip.Is4In6() || compatible(ip) }

// compatible tells whether an IPv6 address is an IPv4 address behind zeros,
// which C's libraries print with dots, and Go's does not.
func compatible(ip netip.Addr) bool {
	b := ip.As16()
	return ip.Is6() && [12]byte(b[:12]) == [12]byte{} && (b[12] != 0 || b[13] != 0)
}

// tags are the IFA_F_* flags of linux/if_addr.h in ip(8)'s words and order.
func tags(bits uint32) []string {
	const permanent = 0x80
	var out []string
	for _, f := range [...]struct {
		bit  uint32
		name string
	}{
		{0x01, "temporary"}, {0x02, "nodad"}, {0x04, "optimistic"}, {0x08, "dadfailed"}, {0x10, "home"},
		{0x20, "deprecated"}, {0x40, "tentative"}, {permanent, "dynamic"}, {0x100, "mngtmpaddr"},
		{0x200, "noprefixroute"}, {0x400, "autojoin"}, {0x800, "stable-privacy"},
	} {
		if (bits&f.bit != 0) != (f.bit == permanent) {
			out = append(out, f.name)
		}
	}
	return out
}

// scope is ip's name of an RT_SCOPE_*, capitalised; host is Node to Ohai.
func scope(s int) string {
	switch s {
	case 0:
		return "Global"
	case 200:
		return "Site"
	case 253:
		return "Link"
	case 254:
		return "Node"
	case 255:
		return "Nowhere"
	}
	return text(s)
}

func netmask(bits int) string {
	mask := netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), bits).Masked()
	return mask.Addr().String()
}
