package facts

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"syscall"
)

// netlink asks the kernel for its network state (rtnetlink(7)).
func netlink() Network {
	return parseNetwork(func(kind int) []byte {
		reply, _ := syscall.NetlinkRIB(kind, syscall.AF_UNSPEC)
		return reply
	})
}

// parseNetwork reads the kernel's dumps: the answers to RTM_GETLINK and its
// like, each a row of messages.
func parseNetwork(dump func(kind int) []byte) (n Network) {
	names := map[int]string{}
	each(dump(syscall.RTM_GETLINK), func(b []byte) {
		if l, parent, ok := parseLink(b); ok {
			names[l.Index] = l.Name
			l.Parent = parent
			n.Links = append(n.Links, l)
		}
	})
	for i := range n.Links {
		n.Links[i].Parent = parentName(n.Links[i].Parent, names)
	}
	each(dump(syscall.RTM_GETADDR), func(b []byte) {
		if a, ok := parseAddress(b); ok {
			n.Addresses = append(n.Addresses, a)
		}
	})
	each(dump(syscall.RTM_GETROUTE), func(b []byte) {
		if r, ok := parseRoute(b); ok {
			n.Routes = append(n.Routes, r)
		}
	})
	each(dump(syscall.RTM_GETNEIGH), func(b []byte) {
		if e, ok := parseNeighbour(b); ok {
			n.Neighbours = append(n.Neighbours, e)
		}
	})
	return n
}

func each(dump []byte, use func(payload []byte)) {
	messages, _ := syscall.ParseNetlinkMessage(dump)
	for _, message := range messages {
		if message.Header.Type == syscall.NLMSG_DONE {
			return
		}
		use(message.Data)
	}
}

// netlinkAttributes maps the attributes of a netlink message, type to payload; the last of a type wins.
func netlinkAttributes(b []byte) map[uint16][]byte {
	out := map[uint16][]byte{}
	for len(b) >= 4 {
		size := int(native.Uint16(b))
		if size < 4 || size > len(b) {
			break
		}
		out[native.Uint16(b[2:])&0x3fff] = b[4:size]
		b = b[min((size+3)&^3, len(b)):]
	}
	return out
}

var native = binary.NativeEndian

func uint32Of(b []byte) uint32 {
	if len(b) < 4 {
		return 0
	}
	return native.Uint32(b)
}

func addr(b []byte) netip.Addr {
	a, _ := netip.AddrFromSlice(b)
	return a
}

// parentName turns the link index of a stacked interface into what ip(8)
// prints behind the @: a name, or "if5" when it is in another namespace.
func parentName(index string, names map[int]string) string {
	outside, ok := strings.CutPrefix(index, "if")
	if index == "" || ok && outside == "" {
		return ""
	}
	if ok {
		return index
	}
	if name := names[number(index)]; name != "" {
		return name
	}
	return "if" + index
}

// parseLink reads an RTM_NEWLINK: struct ifinfomsg and IFLA_* attributes. The
// parent is an index, or "ifN" when that index is of another namespace.
func parseLink(b []byte) (l Link, parent string, ok bool) {
	if len(b) < syscall.SizeofIfInfomsg {
		return l, "", false
	}
	const (
		operState, linkInfo, stats64, netnsID = 16, 18, 23, 37 // linux/if_link.h
	)
	a := netlinkAttributes(b[syscall.SizeofIfInfomsg:])
	l = Link{Type: int(native.Uint16(b[2:])), Index: int(native.Uint32(b[4:])), Flags: native.Uint32(b[8:]),
		Name: valid(strings.TrimRight(string(a[syscall.IFLA_IFNAME]), "\x00")), MTU: int(uint32Of(a[syscall.IFLA_MTU])),
		QueueLen: int(uint32Of(a[syscall.IFLA_TXQLEN])), Address: a[syscall.IFLA_ADDRESS], Broadcast: a[syscall.IFLA_BROADCAST]}
	if s := a[operState]; len(s) > 0 {
		l.State = int(s[0])
	}
	l.RX, l.TX = parseStats(a[stats64])
	l.VLAN = parseVLAN(a[linkInfo])
	l.PortState, l.Tunnel = parsePort(a[linkInfo]), parseTunnel(a)
	if index := uint32Of(a[syscall.IFLA_LINK]); index != 0 {
		parent = text(int(index))
		if _, other := a[netnsID]; other {
			parent = "if" + parent
		}
	}
	return l, parent, l.Name != ""
}

// parseStats reads struct rtnl_link_stats64.
func parseStats(b []byte) (rx, tx Traffic) {
	at := func(i int) uint64 {
		if len(b) < 8*(i+1) {
			return 0
		}
		return native.Uint64(b[8*i:])
	}
	rx = Traffic{Packets: at(0), Bytes: at(2), Errors: at(4), Dropped: at(6), Missed: at(15)}
	tx = Traffic{Packets: at(1), Bytes: at(3), Errors: at(5), Dropped: at(7), Collisions: at(9), Carrier: at(17)}
	return rx, tx
}

// parsePort reads the state that IFLA_LINKINFO has of an interface that is
// part of a bridge or a bond.
func parsePort(b []byte) string {
	const kind, data, state = 4, 5, 1 // IFLA_INFO_SLAVE_*; IFLA_BRPORT_STATE, IFLA_BOND_SLAVE_STATE
	info := netlinkAttributes(b)
	value := netlinkAttributes(info[data])[state]
	if len(value) == 0 {
		return ""
	}
	var names []string
	switch strings.TrimRight(string(info[kind]), "\x00") {
	case "bridge":
		names = []string{"disabled", "listening", "learning", "forwarding", "blocking"}
	case "bond":
		names = []string{"active", "backup"}
	}
	if int(value[0]) < len(names) {
		return names[value[0]]
	}
	return ""
}

// parseVLAN reads IFLA_LINKINFO of an interface of kind "vlan".
func parseVLAN(b []byte) *VLAN {
	const (
		kind, data               = 1, 2 // IFLA_INFO_*
		vlanID, vlanFlags, proto = 1, 2, 5
		bridge                   = 0x88a8 // ETH_P_8021AD, in network byte order
	)
	info := netlinkAttributes(b)
	if strings.TrimRight(string(info[kind]), "\x00") != "vlan" {
		return nil
	}
	a := netlinkAttributes(info[data])
	if len(a[vlanID]) < 2 {
		return nil
	}
	v := &VLAN{ID: int(native.Uint16(a[vlanID])), Protocol: "802.1Q"}
	if p := a[proto]; len(p) >= 2 && binary.BigEndian.Uint16(p) == bridge {
		v.Protocol = "802.1ad"
	}
	for i, name := range [...]string{"REORDER_HDR", "GVRP", "LOOSE_BINDING"} {
		if uint32Of(a[vlanFlags])&(1<<i) != 0 {
			v.Flags = append(v.Flags, name)
		}
	}
	return v
}
