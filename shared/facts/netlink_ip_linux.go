package facts

import (
	"net/netip"
	"strings"
	"syscall"
)

// parseAddress reads an RTM_NEWADDR: struct ifaddrmsg and IFA_* attributes.
func parseAddress(b []byte) (a Address, ok bool) {
	if len(b) < syscall.SizeofIfAddrmsg {
		return a, false
	}
	const flags = 8 // IFA_FLAGS, wider than the header's
	attr := netlinkAttributes(b[syscall.SizeofIfAddrmsg:])
	a = Address{Bits: int(b[1]), Flags: uint32(b[2]), Scope: int(b[3]), Index: int(native.Uint32(b[4:])),
		IP: addr(attr[syscall.IFA_LOCAL]), Peer: addr(attr[syscall.IFA_ADDRESS]), Broadcast: addr(attr[syscall.IFA_BROADCAST]),
		Label: valid(strings.TrimRight(string(attr[syscall.IFA_LABEL]), "\x00"))}
	if wide, found := attr[flags]; found {
		a.Flags = uint32Of(wide)
	}
	if !a.IP.IsValid() {
		a.IP = a.Peer
	}
	return a, a.IP.IsValid()
}

// parseRoute reads an RTM_NEWROUTE of the main table: struct rtmsg and RTA_*
// attributes.
func parseRoute(b []byte) (r Route, ok bool) {
	if len(b) < syscall.SizeofRtMsg {
		return r, false
	}
	family := b[0]
	attr := netlinkAttributes(b[syscall.SizeofRtMsg:])
	table := uint32(b[4])
	if wide, found := attr[syscall.RTA_TABLE]; found {
		table = uint32Of(wide)
	}
	cloned := native.Uint32(b[8:])&syscall.RTM_F_CLONED != 0
	if table != syscall.RT_TABLE_MAIN || cloned || family != syscall.AF_INET && family != syscall.AF_INET6 {
		return r, false
	}
	r = Route{V6: family == syscall.AF_INET6, Type: int(b[7]), Scope: int(b[6]), Protocol: int(b[5]),
		Metric: int(uint32Of(attr[syscall.RTA_PRIORITY])), Src: addr(attr[syscall.RTA_PREFSRC])}
	if dst := addr(attr[syscall.RTA_DST]); dst.IsValid() {
		r.Dst = netip.PrefixFrom(dst, int(b[1]))
	}
	const preference = 20 // RTA_PREF
	if p := attr[preference]; len(p) > 0 {
		switch p[0] {
		case 0:
			r.Preference = " pref medium"
		case 1:
			r.Preference = " pref high"
		case 3:
			r.Preference = " pref low"
		}
	}
	if many, found := attr[syscall.RTA_MULTIPATH]; found {
		r.Many, r.Hops = true, parseHops(many)
	} else {
		r.Hops = []Hop{{Via: gateway(attr), Index: int(uint32Of(attr[syscall.RTA_OIF]))}}
	}
	return r, true
}

func gateway(attr map[uint16][]byte) netip.Addr {
	const via = 18 // RTA_VIA: struct rtvia, a gateway of another family
	if b := attr[via]; len(b) > 2 {
		return addr(b[2:])
	}
	return addr(attr[syscall.RTA_GATEWAY])
}

// parseHops reads RTA_MULTIPATH: a list of struct rtnexthop with attributes.
func parseHops(b []byte) (hops []Hop) {
	const header = syscall.SizeofRtNexthop
	for len(b) >= header {
		size := int(native.Uint16(b))
		if size < header || size > len(b) {
			break
		}
		hops = append(hops, Hop{Via: gateway(netlinkAttributes(b[header:size])), Index: int(native.Uint32(b[4:]))})
		b = b[min((size+3)&^3, len(b)):]
	}
	return hops
}

// parseNeighbour reads an RTM_NEWNEIGH: struct ndmsg and NDA_* attributes.
func parseNeighbour(b []byte) (e Neighbour, ok bool) {
	const header, dst, lladdr = 12, 1, 2 // linux/neighbour.h
	if len(b) < header {
		return e, false
	}
	attr := netlinkAttributes(b[header:])
	e = Neighbour{Index: int(native.Uint32(b[4:])), State: int(native.Uint16(b[8:])), IP: addr(attr[dst]), LLAddr: attr[lladdr]}
	return e, e.IP.IsValid()
}
